const fence = '```';

/**
 * The code in an answer: what stands in its code fences, or the whole text where there are none.
 * @param text an answer, prose and all
 * @param wanted.holds a word that the right block holds; the last block that holds it is taken, else the last block of all
 * @returns source text, trimmed; empty where there is nothing
 */
export function codeInText(text: string, wanted: { readonly holds: string | null }): string {
  const blocks = fencedBlocks(text);
  if (blocks.length === 0) return text.trim();
  const { holds } = wanted;
  return (blocks.findLast((block) => holds !== null && block.includes(holds)) ?? blocks.at(-1) ?? '').trim();
}

/** A fence that never ends takes the rest: the answer was cut off, and its code may still be whole. */
function fencedBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  for (let open = text.indexOf(fence); open >= 0; ) {
    const start = text.indexOf('\n', open);
    if (start < 0) break;
    const end = text.indexOf(`\n${fence}`, start);
    blocks.push(text.slice(start + 1, end < 0 ? undefined : end));
    open = end < 0 ? -1 : text.indexOf(fence, end + 1 + fence.length);
  }
  return blocks.filter((block) => block.trim() !== '');
}
