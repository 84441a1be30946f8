/** Elements with nothing to read in them. */
const silent = ['script', 'style', 'noscript', 'template', 'svg', 'head'] as const;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * The words of a page, for a model to read: without tags, scripts and styles. One pass over it, whatever is in it.
 * @param html a page, also a broken one
 */
export function readableText(html: string): string {
  const pieces: string[] = [];
  const closings = createClosings(html);
  let at = 0;
  while (at < html.length) {
    const tag = html.indexOf('<', at);
    if (tag < 0) break;
    pieces.push(html.slice(at, tag));
    if (html.startsWith('<!--', tag)) {
      at = after(html, '-->', tag);
      continue;
    }
    const name = /^<\/?([a-z][a-z0-9]*)/i.exec(html.slice(tag, tag + 30))?.[1]?.toLowerCase();
    if (name === undefined && !html.startsWith('<!', tag)) {
      pieces.push('<');
      at = tag + 1;
      continue;
    }
    const quiet = html[tag + 1] === '/' ? undefined : silent.find((one) => one === name);
    pieces.push(isInline(name) ? '' : '\n');
    at = after(html, '>', quiet === undefined ? tag : closings(quiet, tag));
  }
  pieces.push(html.slice(at));
  return pieces
    .join('')
    .replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,5});/gi, (whole, code: string) => decoded(code) ?? whole)
    .replace(/[ \t\r\f]+/g, ' ')
    .replace(/ ?\n[\n ]*/g, '\n')
    .trim();
}

const isInline = (name: string | undefined): boolean =>
  name !== undefined && /^(?:a|b|i|em|strong|span|code|small|sub|sup|u|mark|abbr|time)$/.test(name);

/** Where an element that is not read ends; one that does not end hides nothing but its own tag. Looks for each name's last end once. */
function createClosings(html: string): (name: string, from: number) => number {
  const without = new Set<string>();
  return (name, from) => {
    if (without.has(name)) return from;
    const closing = new RegExp(`</${name}\\b`, 'gi');
    closing.lastIndex = from;
    const found = closing.exec(html);
    if (found === null) without.add(name);
    return found?.index ?? from;
  };
}

function after(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at < 0 ? html.length : at + mark.length;
}

function decoded(code: string): string | undefined {
  if (!code.startsWith('#')) return entities[code.toLowerCase()];
  const point = code[1]?.toLowerCase() === 'x' ? Number.parseInt(code.slice(2), 16) : Number(code.slice(1));
  return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : undefined;
}
