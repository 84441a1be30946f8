/**
 * Text as HTML shows it. Names and answers come from models and strangers: nothing of them is ever markup.
 * @param value any text
 */
export function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/**
 * A part of the page under its heading.
 * @param title plain text of ours
 * @param body HTML
 */
export function section(title: string, body: string): string {
  return `<section><h2>${title}</h2>${body}</section>`;
}

/**
 * A table with a caption for those who do not see it; wider than the page, it scrolls by itself.
 * @param caption plain text
 * @param heads plain text; an empty one heads a column of drawings
 * @param rows cells as HTML
 */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((name) => (name === '' ? '<td></td>' : `<th scope="col">${escaped(name)}</th>`)).join('');
  const lines = rows.map((cells) => `<tr>${cells.join('')}</tr>`).join('\n');
  return `<div class="wide" tabindex="0" role="group" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${lines}\n</tbody></table></div>`;
}

/** @param value plain text */
export function cell(value: string): string {
  return `<td>${escaped(value)}</td>`;
}

/** The cell that names a row. @param value plain text */
export function rowHead(value: string): string {
  return `<th scope="row">${escaped(value)}</th>`;
}
