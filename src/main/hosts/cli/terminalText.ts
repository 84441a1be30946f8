/**
 * Text for a terminal: names come from files and answers from models, and neither may move the cursor, set the title or reach the
 * clipboard. Line breaks and tabs stay; control characters and marks that turn the direction of writing go.
 */
export function terminalText(text: string): string {
  return text.replace(/[[\p{Cc}--[\n\t]]\u202a-\u202e\u2066-\u2069]/gv, '');
}
