/** Longest text that is shown; the whole of it is copied. */
const shownCharacters = 20_000;

/** A body as people read it: JSON with lines, cut where it is very long. */
export function readableBody(body: string): string {
  const text = laidOut(body);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}\n… ${text.length - shownCharacters} more characters` : text;
}

function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
