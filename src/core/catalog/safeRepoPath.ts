const pathLimit = 1000;
const partLimitBytes = 255;
/** Names that Windows keeps for devices, with or without an extension. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const forbidden = /[\u0000-\u001f\u007f<>:"|?*\\\u202a-\u202e\u2066-\u2069]/;

/**
 * Checks a path that came from the network before it is joined to a folder: relative, `/` between parts, no part that leaves the folder or
 * that a file system of Windows, macOS or Linux would not take as it is written.
 * @param path within a repo, as the hub lists it
 * @returns its parts, or null when it must not be used
 */
export function safeRepoPath(path: string): readonly string[] | null {
  if (path === '' || path.length > pathLimit || forbidden.test(path)) return null;
  const parts = path.split('/');
  return parts.every(isSafePart) ? parts : null;
}

function isSafePart(part: string): boolean {
  if (part === '' || part === '.' || part === '..' || /[. ]$/.test(part) || /^ /.test(part)) return false;
  return part.isWellFormed() && utf8Length(part) <= partLimitBytes && !deviceName.test(part);
}

/** Bytes in UTF-8, counted without an encoder: core has none. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
