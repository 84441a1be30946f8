/** How a file begins that is a list, or an object with a list of conversations in it: all up to the list's first entry. */
const listBeginning =
  /^\s*(?:\{\s*(?:"[^"\\]{1,60}"\s*:\s*(?:"[^"\\]{0,200}"|-?\d{1,20}|true|false|null)\s*,\s*){0,20}"(?:conversations|chats)"\s*:\s*)?\[/;

/**
 * @param head the first characters of a JSON text
 * @returns what stands before the list's first entry and what has to stand after its last one; null where it does not begin with a list
 */
export function listFrame(head: string): { readonly before: string; readonly after: string } | null {
  const before = listBeginning.exec(head)?.[0];
  return before === undefined ? null : { before, after: before.trimStart().startsWith('{') ? ']}' : ']' };
}

/**
 * Cuts a list into its entries while its text arrives, so that no more than one of them is held. Reads brackets and quotes alone: whether an entry is JSON is
 * for whoever parses it.
 */
export function createEntryCutter(): {
  /** @param text what follows the list's opening bracket, piece by piece. @returns the entries that end in it */
  push(text: string): string[];
  /** Whether the list has ended: what follows is no part of it. */
  readonly isOver: boolean;
} {
  let held = '';
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let isOver = false;

  return {
    push(text) {
      const entries: string[] = [];
      let from = 0;
      const cut = (end: number): void => {
        const entry = (held + text.slice(from, end)).trim();
        held = '';
        from = end + 1;
        if (entry !== '') entries.push(entry);
      };
      for (let at = 0; at < text.length && !isOver; at++) {
        const sign = text.charCodeAt(at);
        if (isText) {
          if (isEscaped) isEscaped = false;
          else if (sign === backslash) isEscaped = true;
          else if (sign === quote) isText = false;
        } else if (sign === quote) isText = true;
        else if (sign === openBrace || sign === openBracket) depth += 1;
        else if (depth > 0 && (sign === closeBrace || sign === closeBracket)) depth -= 1;
        else if (depth === 0 && sign === closeBracket) {
          cut(at);
          isOver = true;
        } else if (depth === 0 && sign === comma) cut(at);
      }
      if (!isOver) held += text.slice(from);
      return entries;
    },
    get isOver() {
      return isOver;
    },
  };
}

const [quote, backslash, comma, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d] as const;
