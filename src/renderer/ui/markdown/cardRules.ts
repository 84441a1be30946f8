import type { Options } from 'react-markdown';
import rehypeHighlight from 'rehype-highlight';
import { sanitise } from './markdownRules.ts';

/**
 * What may come out of a model card. Cards are half HTML: its words are kept and its tags dropped. A picture becomes a link to it, so that
 * looking at a card asks nobody for anything.
 */
export const cardPlugins: NonNullable<Options['rehypePlugins']> = [htmlAsWords, picturesAsLinks, sanitise, rehypeHighlight];

interface Node {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

function htmlAsWords(): (tree: Node) => void {
  return function toWords(node) {
    if (node.type === 'raw') {
      node.type = 'text';
      node.value = wordsOfHtml(node.value ?? '');
    }
    for (const child of node.children ?? []) toWords(child);
  };
}

/** @returns the text between the tags, comments, styles and scripts left out; one pass whatever is in it. */
export function wordsOfHtml(html: string): string {
  const lower = html.toLowerCase();
  let words = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) return withEntities(words + html.slice(at));
    words += html.slice(at, open);
    const hidden = hiddenParts.find(([start]) => lower.startsWith(start, open));
    const end = hidden === undefined ? html.indexOf('>', open) : lower.indexOf(hidden[1], open);
    if (end === -1) break;
    at = end + (hidden === undefined ? 1 : hidden[1].length);
    words += ' ';
  }
  return withEntities(words);
}

const hiddenParts = [
  ['<!--', '-->'],
  ['<style', '</style>'],
  ['<script', '</script>'],
] as const;

function withEntities(text: string): string {
  return text.replace(/&(?:nbsp|amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity).replace(/[^\S\n]+/g, ' ');
}

const entities: Readonly<Record<string, string>> = {
  '&nbsp;': ' ',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function picturesAsLinks(): (tree: Node) => void {
  function walk(node: Node, isInLink: boolean): void {
    const isLink = isInLink || node.tagName === 'a';
    for (const child of node.children ?? []) {
      if (child.tagName === 'img') toLink(child, isLink);
      else walk(child, isLink);
    }
  }
  return (tree) => walk(tree, false);
}

function toLink(picture: Node, isInLink: boolean): void {
  const { src, alt } = picture.properties ?? {};
  const words: Node = { type: 'text', value: typeof alt === 'string' && alt.trim() !== '' ? alt : 'picture' };
  if (isInLink) Object.assign(picture, words, { tagName: undefined, properties: undefined, children: undefined });
  else Object.assign(picture, { tagName: 'a', properties: { href: src }, children: [words] });
}
