/**
 * The readable part of a model card: the YAML block that the hub keeps its facts in is left out.
 * @param text of README.md, perhaps cut
 * @returns Markdown; still hostile
 */
export function cardText(text: string): string {
  const body = text.replace(/^\ufeff/, '');
  const block = /^---[ \t]*\r?\n/.exec(body);
  if (block === null) return body;
  const end = /^---[ \t]*(\r?\n|$)/m.exec(body.slice(block[0].length));
  if (end === null) return body;
  return body.slice(block[0].length + end.index + end[0].length).replace(/^\s*\n/, '');
}
