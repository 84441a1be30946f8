import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import { describe, expect, test } from 'vitest';
import { highlightPlugins, remarkPlugins } from '../../../src/renderer/ui/markdown/markdownRules.ts';
import { type MathNode, readTex } from '../../../src/renderer/ui/markdown/readTex.ts';

function markup({ tag, text, children, attributes }: MathNode): ReactNode {
  const { class: className, ...rest } = attributes ?? {};
  return createElement(tag, { ...rest, className } as object, text, ...(children ?? []).map(markup));
}
const drawn = (tex: string): string | null => {
  const node = readTex(tex);
  return node === null ? null : renderToStaticMarkup(markup(node));
};
const written = (text: string): string =>
  renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins, rehypePlugins: highlightPlugins }, text));

describe('formulas in an answer', () => {
  test.each([
    ['$E = mc^2$', 'math'],
    ['\\(E = mc^2\\)', 'math'],
    ['$$\nE = mc^2\n$$', 'math-display'],
    ['\\[ E = mc^2 \\]', 'math-display'],
  ])('are found: %s', (text, language) => {
    expect(written(`So ${text} holds.`)).toBe(`<p dir="auto">So <code class="language-${language}" dir="ltr">E = mc^2</code> holds.</p>`);
  });

  test.each([
    'It costs $5 and then $10 more.',
    'From $5-$10 each',
    'A lone $ sign',
    '`$x$` and\n\n```\n$y$\n```',
    'Escaped \\$x\\$',
    '\\( never closed',
  ])('are not seen where there are none: %s', (text) => {
    expect(written(text)).not.toContain('language-math');
  });

  test('keep their signs where Markdown would read them as its own', () => {
    expect(written('\\(a_{1} * b_{2} * c \\, d\\)')).toContain('>a_{1} * b_{2} * c \\, d</code>');
  });

  test.each([
    ['\\frac{1}{2}', '<mfrac><mn>1</mn><mn>2</mn></mfrac>'],
    ['\\sqrt[3]{x}', '<mroot><mi>x</mi><mn>3</mn></mroot>'],
    ['\\sum_{i=1}^n i', '<munderover><mo movablelimits="true">∑</mo>'],
    ["f''(x)", '<msup><mi>f</mi><mo>′′</mo></msup>'],
    ['\\text{if } x < 0', '<mtext>if\u00a0</mtext>'],
    ['\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}', '<mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr>'],
    ['\\left( \\alpha \\right]', '<mi>α</mi><mo stretchy="true" fence="true">]</mo>'],
    ['\\mathbb{R}', '<mi>ℝ</mi>'],
  ])('become MathML: %s', (tex, expected) => {
    expect(drawn(tex)).toContain(expected);
  });

  test.each(['\\input{/etc/passwd}', '\\frac{1}', 'x }', '{ x', '\\left( x', '\\begin{matrix} 1', 'a & b', `${'{'.repeat(9_000)}`, ''])(
    'that are not known here are left as they were written: %s',
    (tex) => {
      expect(drawn(tex)).toBeNull();
    },
  );

  test('that nest without end are no burden', () => {
    expect(readTex('\\sqrt'.repeat(700))).toBeNull();
    expect(readTex('{'.repeat(1_900) + '}'.repeat(1_900))).toBeNull();
    expect(readTex('\\left('.repeat(500))).toBeNull();
  });

  test('hold no markup', () => {
    expect(drawn('\\text{<img src=x onerror=alert(1)>}')).not.toContain('<img');
  });
});
