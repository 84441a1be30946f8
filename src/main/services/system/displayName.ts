const longestName = 60;

/** A name that a program or a driver chose, fit to be shown: one line, no control characters or marks that turn the writing, at most 60 characters. */
export function displayName(name: string): string {
  const plain = name
    .slice(0, 4 * longestName)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ')
    .trim();
  const characters = [...plain];
  return characters.length <= longestName ? plain : `${characters.slice(0, longestName - 1).join('')}…`;
}
