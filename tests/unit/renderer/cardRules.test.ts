import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import { describe, expect, test } from 'vitest';
import { cardPlugins, wordsOfHtml } from '../../../src/renderer/ui/markdown/cardRules.ts';
import { remarkPlugins } from '../../../src/renderer/ui/markdown/markdownRules.ts';

function render(text: string): string {
  return renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins, rehypePlugins: cardPlugins }, text));
}

describe('a model card', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<iframe src="https://example.com"></iframe>',
    '<style>body { display: none }</style>',
    '<a href="javascript:alert(1)">click</a>',
    'Text <svg onload=alert(1)> text',
  ])('makes no element of its HTML: %s', (hostile) => {
    const html = render(hostile);
    expect(html).not.toMatch(/<(?:script|img|iframe|style|a|svg)\b/);
    expect(html).not.toMatch(/alert|display: none|onerror|example\.com|javascript:/);
  });

  test('keeps the words between its tags', () => {
    expect(render('<div align="center">\n<b>A fine model</b> &amp; a small one\n</div>')).toContain('A fine model');
  });

  test('turns a picture into a link named by its alternative text, so that nothing is fetched', () => {
    const html = render('![a chart](https://example.com/chart.png)');
    expect(html).toContain('<a href="https://example.com/chart.png">a chart</a>');
    expect(html).not.toContain('<img');
  });

  test('never puts a link into a link where a picture was linked', () => {
    const html = render('[![badge](https://example.com/badge.svg)](https://example.com/docs)');
    expect(html).toContain('<a href="https://example.com/docs">badge</a>');
  });

  test.each(['![x](http://example.com/a.png)', '![x](data:image/png;base64,AA)', '![x](file:///etc/passwd)'])(
    'links to no picture that is not https: %s',
    (picture) => {
      expect(render(picture)).not.toMatch(/href="[^"]/);
    },
  );

  test.each([['<'.repeat(50_000)], ['<!--'.repeat(50_000)], ['<style'.repeat(50_000)], ['<a>'.repeat(50_000)]])(
    'reads hostile HTML once: %#',
    (html) => {
      expect(wordsOfHtml(html).trim()).toBe('');
    },
  );
});
