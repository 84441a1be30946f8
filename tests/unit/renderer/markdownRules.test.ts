import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import { describe, expect, test } from 'vitest';
import { highlightPlugins, remarkPlugins } from '../../../src/renderer/ui/markdown/markdownRules.ts';

function render(text: string): string {
  return renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins, rehypePlugins: highlightPlugins }, text));
}

describe('Markdown of a model', () => {
  test.each([
    '<script>alert(1)</script>',
    'Text <img src=x onerror=alert(1)> text',
    '<iframe src="https://example.com"></iframe>',
    '<style>body { display: none }</style>',
    '<a href="javascript:alert(1)">click</a>',
  ])('shows HTML as the text it is: %s', (hostile) => {
    const html = render(hostile);
    expect(html).not.toMatch(/<(?:script|img|iframe|style|a)\b/);
    expect(html).toContain('&lt;');
  });

  test.each(['[x](javascript:alert(1))', '[x](http://example.com)', '[x](file:///etc/passwd)', '[x](data:text/html,hi)'])(
    'links only to https: %s',
    (link) => {
      expect(render(link)).not.toMatch(/href="[^"]/);
    },
  );

  test('keeps an https link', () => {
    expect(render('[docs](https://example.com/a)')).toContain('href="https://example.com/a"');
  });

  test('never names the address of a picture, so that nothing is fetched', () => {
    expect(render('![a cat](https://example.com/pixel.png)')).not.toContain('pixel.png');
  });

  test('breaks a line in a cell of a table, and shows HTML that stands alone as code', () => {
    expect(render('| a |\n|---|\n| one<br>two<BR/>three |')).toMatch(/>one<br\/>\s*two<br\/>\s*three</);
    expect(render('<div align="center">\nwords\n</div>\n\nAfter')).toMatch(/<pre><code class="[^"]*language-html".*After/s);
  });

  test('lets each block run in the direction of its own script, and code from the left', () => {
    expect(render('مرحبا `x`')).toBe('<p dir="auto">مرحبا <code dir="ltr">x</code></p>');
  });

  test('gives a list one direction', () => {
    expect(render('- مرحبا\n- words')).toMatch(/<ul dir="auto">\s*<li>مرحبا<\/li>\s*<li>words/);
  });

  test('highlights code of a named language and keeps tables and lists', () => {
    const html = render('```js\nconst a = 1;\n```\n\n| a |\n|---|\n| 1 |\n\n- [x] done');
    expect(html).toContain('hljs-keyword');
    expect(html).toMatch(/<table>.*<td dir="auto">1<\/td>/s);
    expect(html).toContain('type="checkbox"');
  });
});
