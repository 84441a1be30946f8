import type { Options } from 'react-markdown';
import rehypeHighlight from 'rehype-highlight';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

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

export const remarkPlugins: NonNullable<Options['remarkPlugins']> = [remarkGfm];
/** What may come out of Markdown: allow-listed elements, https links, no addresses of pictures. */
export const sanitise: NonNullable<Options['rehypePlugins']>[number] = [rehypeSanitize, schema];
export const plainPlugins: NonNullable<Options['rehypePlugins']> = [rawAsText, sanitise];
export const highlightPlugins: NonNullable<Options['rehypePlugins']> = [rawAsText, sanitise, rehypeHighlight];

interface RawNode {
  type: string;
  readonly children?: RawNode[];
}

/** HTML in an answer is shown as it was written: dropping it would lose text, rendering it would trust it. */
function rawAsText(): (tree: RawNode) => void {
  return function toText(node) {
    if (node.type === 'raw') node.type = 'text';
    for (const child of node.children ?? []) toText(child);
  };
}
