const fence = '```';

/**
 * Shapes that an answer takes once its wrapping is taken off: as it is, inside its code fence, without first line, without last line, without
 * both. The loose accuracy of IFEval (Zhou et al. 2023, arXiv 2311.07911), with fences added.
 * @param text trimmed answer
 * @returns distinct shapes, the answer itself first
 */
export function looseForms(text: string): readonly string[] {
  const fenced = insideFence(text);
  const inline = /^`([^`]*)`$/.exec(text)?.[1];
  const lines = text.split('\n');
  const cut = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)].map((rest) => rest.join('\n'));
  const first = lines[0] ?? '';
  const last = lines.at(-1) ?? '';
  const forms = [text, fenced, inline ?? '', ...cut, first, last].map((form) => form.trim());
  return [...new Set(forms.filter((form, index) => index === 0 || form !== ''))];
}

/** What stands inside the first code fence, its language mark left out. */
function insideFence(text: string): string {
  const open = text.indexOf(fence);
  const start = open < 0 ? -1 : text.indexOf('\n', open);
  const end = start < 0 ? -1 : text.indexOf(fence, start);
  return end < 0 ? '' : text.slice(start + 1, end);
}
