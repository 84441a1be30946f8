const plainWord = /^[A-Za-z0-9_./-][A-Za-z0-9_./:@%+=,-]*$/;

/**
 * One word of a POSIX shell. Everything between single quotes stands for itself there; a single quote leaves them for a moment.
 * Source: POSIX.1-2024, Shell Command Language, 2.2.
 */
export function shellWord(text: string): string {
  return plainWord.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * One word of an `ExecStart=`: C escapes within double quotes; `%` and `$` are doubled, or they would be specifiers and variables.
 * Source: systemd.service(5), Command lines; systemd.syntax(7), Quoting.
 */
export function unitWord(text: string): string {
  const escaped = unitText(text).replaceAll('$', '$$$$');
  return plainWord.test(text) && escaped === text ? text : `"${escaped.replace(/[\\"]/g, '\\$&').replace(controls, unitEscape)}"`;
}

/** Text of a unit that is no command line: in one line, specifiers doubled. */
export function unitText(text: string): string {
  return text.replaceAll('%', '%%');
}

/**
 * A double-quoted scalar of YAML as Compose reads it: `$` is doubled, or it would be a variable. JSON's strings are YAML's.
 * Source: YAML 1.2.2, 5.7 and 7.3.1; Compose specification, Interpolation.
 */
export function composeText(text: string): string {
  return JSON.stringify(text.toWellFormed().replaceAll('$', '$$$$')).replace(unprintable, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * The value of an instruction of a Modelfile. Its reader drops every sign that Go does not print, and has no escapes.
 * @returns null for a text that cannot be written there
 * Source: ollama, parser/parser.go, `ParseFile` and `unquote`.
 */
export function modelfileValue(text: string): string | null {
  if (unwritable.test(text)) return null;
  return /^[^\s"]+$/.test(text) ? text : `"${text}"`;
}

/** A comment or a title: one line, without signs that could end it. */
export function oneLine(text: string): string {
  return text.replace(lineEnds, ' ').trim();
}

/** A name that every target takes for a file, a service and a model: `qwen3-8b-q4-k-m`. */
export function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  if (slug === '') return 'model';
  // YAML would read these as a number, a date or a truth.
  return /^(?:[\d-]*|\d+e-?\d+|0[xo][\da-f]+|null|true|false|yes|no|on|off|y|n)$/.test(slug) ? `model-${slug}` : slug;
}

const controls = /[\p{Cc}]/gu;
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff]/g;
const unwritable = /[\p{C}\u2028\u2029]|(?! )\p{Z}/u;
const lineEnds = /[\p{C}\u2028\u2029]+/gu;

/** Octets of UTF-8: `\x85` would be a byte of its own, not the sign of that number. */
function unitEscape(sign: string): string {
  if (sign === '\n') return '\\n';
  if (sign === '\t') return '\\t';
  return `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
