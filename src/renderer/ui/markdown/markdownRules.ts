import type { Options } from 'react-markdown';
import rehypeHighlight from 'rehype-highlight';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { remarkMath } from './mathSyntax.ts';

const schema: typeof defaultSchema = {
  ...defaultSchema,
  tagNames: [
    ...['p', 'strong', 'em', 'del', 'a', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'hr', 'br', 'sup', 'img', 'input'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  attributes: {
    a: ['href'],
    code: [['className', /^language-./]],
    img: ['alt'],
    input: [
      ['disabled', true],
      ['type', 'checkbox'],
      ['checked', true],
    ],
    ol: ['start'],
    th: ['align'],
    td: ['align'],
    li: [['className', 'task-list-item']],
  },
  protocols: { href: ['https'] },
  required: { input: { disabled: true, type: 'checkbox' } },
};

export const remarkPlugins: NonNullable<Options['remarkPlugins']> = [remarkGfm, remarkMath];
/** What may come out of Markdown: allow-listed elements, https links, no addresses of pictures. */
export const sanitise: NonNullable<Options['rehypePlugins']>[number] = [rehypeSanitize, schema];
export const plainPlugins: NonNullable<Options['rehypePlugins']> = [rawAsText, sanitise, withDirection];
export const highlightPlugins: NonNullable<Options['rehypePlugins']> = [rawAsText, sanitise, rehypeHighlight, withDirection];

interface HtmlNode {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HtmlNode[];
}

/**
 * HTML in an answer is shown as it was written: dropping it would lose text, rendering it would trust it. What stands on lines of its own is
 * code. A line break is one: tables can be given none in another way.
 */
function rawAsText(): (tree: HtmlNode) => void {
  return function toText(node) {
    const isBlock = node.type === 'root' || node.tagName === 'blockquote';
    for (const child of node.children ?? []) {
      if (child.type !== 'raw') toText(child);
      else if (/^<br\s*\/?>$/i.test(child.value ?? ''))
        Object.assign(child, { type: 'element', tagName: 'br', properties: {}, children: [] });
      else if (isBlock) Object.assign(child, codeOf(child.value ?? ''));
      else child.type = 'text';
    }
  };
}

function codeOf(value: string): HtmlNode {
  const text: HtmlNode = { type: 'text', value: `${value}\n` };
  const code: HtmlNode = { type: 'element', tagName: 'code', properties: { className: ['language-html'] }, children: [text] };
  return { type: 'element', tagName: 'pre', properties: {}, children: [code] };
}

const directed: ReadonlySet<string> = new Set([...['p', 'ul', 'ol', 'li', 'blockquote', 'th', 'td', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']]);

/** Each block, a list as a whole, is written in the direction of its own script; code always from the left. */
function withDirection(): (tree: HtmlNode) => void {
  const direct = (node: HtmlNode, isWithin: boolean): void => {
    const { tagName = '' } = node;
    const isBlock = directed.has(tagName);
    if (isBlock && !isWithin) node.properties = { ...node.properties, dir: 'auto' };
    if (tagName === 'code') node.properties = { ...node.properties, dir: 'ltr' };
    // Browsers look past what has a direction of its own.
    for (const child of node.children ?? []) direct(child, isWithin || isBlock);
  };
  return (tree) => direct(tree, false);
}
