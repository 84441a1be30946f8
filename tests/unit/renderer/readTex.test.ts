import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import { describe, expect, test } from 'vitest';
import { formulaElement } from '../../../src/renderer/ui/markdown/formulaElement.ts';
import { highlightPlugins, remarkPlugins } from '../../../src/renderer/ui/markdown/markdownRules.ts';
import { readMathTree } from '../../../src/renderer/ui/markdown/readMathTree.ts';
import { readTex } from '../../../src/renderer/ui/markdown/readTex.ts';

const drawn = (tex: string, isDisplay = false): string => renderToStaticMarkup(formulaElement(tex, { isDisplay }));
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
    ['\\sqrt[3]{x}', '</mrow><mn>3</mn></mroot>'],
    ['\\sum_{i=1}^n i', '<msubsup><mo movablelimits="false">∑</mo>'],
    ["f'(x)", '<msup><mi>f</mi><mo'],
    ['\\text{if } x < 0', '<mtext>if\u00a0</mtext>'],
    ['\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}', '<mi>d</mi></mtd></mtr></mtable>'],
    ['\\begin{cases} 1 & x > 0 \\\\ 0 & x \\le 0 \\end{cases}', 'class="tml-left"'],
    ['\\begin{aligned} a &= b \\\\ &= c \\end{aligned}', 'class="tml-right"'],
    ['\\left( \\alpha \\right]', '<mo fence="true" form="postfix" stretchy="true">]</mo>'],
    ['\\mathbb{R}', '<mi>ℝ</mi>'],
    ['\\mathcal{L}', 'ℒ'],
    ['\\vec{v}', '<mover><mi>v</mi>'],
    ['\\cancel{x}', 'class="tml-cancel upstrike"'],
    ['\\xrightarrow{f}', '<mover>'],
    ['\\operatorname{softmax}(x)', 'softmax'],
  ])('become MathML: %s', (tex, expected) => {
    const markup = drawn(tex);
    expect(markup).toMatch(/^<math display="inline" dir="ltr">.*<\/math>$/);
    expect(markup).toContain(expected);
  });

  test('that stand alone are drawn large, and numbers and names of equations are left out', () => {
    const markup = drawn('\\begin{equation} x \\label{nav} \\end{equation}', true);
    expect(markup).toMatch(/^<math display="block"/);
    expect(markup).not.toMatch(/ id=|<\/?span class="tml/);
    expect(drawn('\\sum_{i=1}^n i', true)).toContain('<munderover>');
  });

  test('have colours that are read in both themes', () => {
    expect(drawn('\\color{yellow} x')).toMatch(/style="color:color-mix\(in oklab, #FFFF00 50%, var\(--ink\)\)"/);
    expect(drawn('\\rule{1em}{2pt}')).toContain('background:currentColor');
  });

  test.each([
    ...['\\input{/etc/passwd}', '\\frac{1}', 'x }', '{ x', '\\left( x', '\\begin{matrix} 1', 'a & b', `${'{'.repeat(9_000)}`, ''],
    ...['\\includegraphics{https://example.com/a.png}', '\\href{https://example.com}{x}', '\\url{https://example.com}', '\\ref{x}'],
    ...['\\class{nav}{x}', '\\id{root}{x}', '\\style{position:fixed}{x}', '\\data{a=b}{x}', '\\htmlClass{nav}{x}', '\\tooltip{a}{b}'],
    ...['\\def\\a{b}\\a', '\\newcommand{\\a}{\\a\\a}\\a', '\\let\\a=b', '\\unknown', '\\color{url(x)} x'],
    ...['\\hspace{50em}', '\\hspace{-11em}', '\\rule{999px}{999px}', '\\raise 90em {x}', '\\hspace{-5em}'.repeat(5), '\\!'.repeat(500)],
  ])('that are broken, unknown or too much are left as they were written: %s', (tex) => {
    expect(readTex(tex, { isDisplay: false })).toBeNull();
  });

  test.each([
    ...[
      '\\sqrt',
      '{',
      '\\left(',
      '\\frac',
      'x^',
      '\\llap',
      '\\mathllap',
      '\\cancelto{1}',
      '\\text',
      '\\overbrace',
      '\\mathchoice',
      '\\pmb',
    ],
    ...[
      '\\begin{matrix}',
      '\\substack',
      '\\boxed',
      '\\smash',
      '\\vphantom',
      '\\prescript{1}{2}',
      '\\color{red}',
      '\\underline',
      '\\not',
      '\\equilibriumRight',
    ],
  ])('that nest without end are no burden: %s', (command) => {
    for (const times of [60, 500]) {
      const open = `${command}{`.repeat(times).slice(0, 3_900);
      expect(readTex(open, { isDisplay: true })).toBeNull();
      readTex(`${`${command}{`.repeat(times)}x${'}'.repeat(times)}`, { isDisplay: true });
    }
  });

  test('hold no markup', () => {
    expect(drawn('\\text{<img src=x onerror=alert(1)>}')).not.toContain('<img');
  });
});

describe('what the TeX library built', () => {
  const math = (...children: object[]): object => ({ type: 'math', children });
  const node = (more: object): object => ({ type: 'mi', attributes: {}, style: {}, classes: [], children: [{ text: 'x' }], ...more });

  test('is read where all of it is known', () => {
    expect(readMathTree(math(node({})))).toEqual([{ tag: 'mi', attributes: {}, style: {}, classes: [], children: ['x'] }]);
  });

  test.each([
    ['a link', { href: 'https://example.com', children: [] }],
    ['a picture', { src: 'https://example.com', alt: 'x' }],
    ['an element of HTML', node({ type: 'script' })],
    ['an action', node({ type: 'maction' })],
    ['an address', node({ attributes: { href: 'https://example.com' } })],
    ['an attribute that every object has', node({ attributes: { constructor: 'x' } })],
    ['a handler', node({ attributes: { onclick: 'alert(1)' } })],
    ['an unknown style', node({ style: { position: 'fixed' } })],
    ['an address in a style', node({ style: { border: '1px solid url(x)' } })],
    ['an address in a colour', node({ style: { color: 'url(https://example.com)' } })],
    ["a class of the page's own", node({ classes: ['rail'] })],
    ['no number', node({ attributes: { width: 'NaNem' } })],
  ])('is not drawn with %s in it', (_, hostile) => {
    expect(readMathTree(math(node({}), hostile))).toBeNull();
  });
});
