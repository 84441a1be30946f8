/** What a conversation is called before anything was said. */
export const defaultTitle = 'New chat';

const longestTitle = 60;

/** A title out of the first message: its first line with words in it, cut at a word. */
export function titleOf(text: string): string {
  const line = text
    .split('\n')
    .map((candidate) => candidate.replace(/\s+/g, ' ').trim())
    .find((candidate) => candidate !== '');
  if (line === undefined) return defaultTitle;
  if (line.length <= longestTitle) return line;
  const cut = line.slice(0, longestTitle);
  const atWord = cut.lastIndexOf(' ');
  return `${(atWord > longestTitle / 2 ? cut.slice(0, atWord) : cut).trimEnd()}…`;
}
