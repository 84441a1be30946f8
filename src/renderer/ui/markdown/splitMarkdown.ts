/**
 * Cuts Markdown into top-level blocks that can be parsed apart, so that a growing answer costs one small parse a frame:
 * every block but the last never changes again. Lists, quotes, tables and fences stay whole. Text with link definitions or
 * footnotes is one block, because those reach across blocks.
 */
export function splitMarkdown(text: string): readonly string[] {
  if (/^ {0,3}\[[^\]\n]+\]:/m.test(text)) return [text];
  const blocks: string[] = [];
  let start = 0;
  let fence: string | null = null;
  let blankBefore = false;
  let inList = false;
  let position = 0;
  while (position < text.length) {
    const newline = text.indexOf('\n', position);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(position, newline === -1 ? text.length : newline);
    const marker = fenceMarker(line);
    if (fence !== null) {
      if (marker?.startsWith(fence) && line.trim() === marker) fence = null;
    } else if (line.trim() === '') {
      blankBefore = true;
    } else {
      const belongsToList = inList && (/^\s/.test(line) || isListItem(line));
      if (blankBefore && !belongsToList && !/^\s/.test(line)) {
        blocks.push(text.slice(start, position));
        start = position;
        inList = false;
      }
      if (isListItem(line)) inList = true;
      fence = marker;
      blankBefore = false;
    }
    position = end;
  }
  if (start < text.length) blocks.push(text.slice(start));
  return blocks;
}

/** Whether the block is a code fence that has not been closed yet. */
export function isOpenFence(block: string): boolean {
  const lines = block.trimEnd().split('\n');
  const opening = fenceMarker(lines[0] ?? '');
  if (opening === null) return false;
  const last = (lines.at(-1) ?? '').trim();
  return lines.length === 1 || !(last.startsWith(opening) && fenceMarker(last) === last);
}

function fenceMarker(line: string): string | null {
  return /^\s{0,12}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
}

function isListItem(line: string): boolean {
  return /^\s{0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(line);
}
