import { memo, type ReactElement, type ReactNode, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import { opensOutside } from '../opensOutside.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { cardPlugins } from './cardRules.ts';
import { Formula } from './Formula.tsx';
import { highlightPlugins, plainPlugins, remarkPlugins } from './markdownRules.ts';
import { isOpenFence, splitMarkdown } from './splitMarkdown.ts';
import { useThrottled } from './useThrottled.ts';
import '../../styles/markdown.css';

/** Above this, one more parse a frame would be felt. */
const longBlock = 4_000;
const tooLongToHighlight = 20_000;

interface MarkdownProps {
  readonly text: string;
  /** The last block may still grow: it is parsed less often when long, and an open code fence is shown as plain code. */
  readonly isGrowing?: boolean;
  /** A card's HTML is read for its words and its pictures become links; in an answer HTML is shown as it was written. */
  readonly kind?: 'answer' | 'card';
}

/** A model's answer, or its card, as text, tables, lists and code. Raw HTML and pictures never become elements; only https links do. */
export const Markdown = memo(function Markdown({ text, isGrowing = false, kind = 'answer' }: MarkdownProps) {
  const blocks = useMemo(() => splitMarkdown(text), [text]);
  return (
    <div className="md selectable">
      {blocks.map((block, index) => {
        const isLast = index === blocks.length - 1;
        // biome-ignore lint/suspicious/noArrayIndexKey: a block never moves, the text only grows at its end
        return isGrowing && isLast ? <GrowingBlock key={index} text={block} /> : <Block key={index} text={block} kind={kind} />;
      })}
    </div>
  );
});

function GrowingBlock({ text }: { readonly text: string }) {
  const shown = useThrottled(text, { everyMs: text.length > longBlock ? 250 : 0 });
  if (isOpenFence(shown)) {
    const lineEnd = shown.indexOf('\n');
    const language = shown
      .slice(0, lineEnd === -1 ? undefined : lineEnd)
      .replace(/^\s*[`~]+/, '')
      .trim();
    return <CodeBlock language={language} text={lineEnd === -1 ? '' : shown.slice(lineEnd + 1)} />;
  }
  return <GrowingText text={shown} />;
}

/** Not kept: the next piece makes another text of it. */
const GrowingText = memo(function GrowingText({ text }: { readonly text: string }) {
  return readBlock(text, pluginsFor(text));
});

/** Blocks read before: an answer that was just written becomes a message in the same words, and paths and chats are gone back to. */
const keptAtMost = 1_000;
const kept = new Map<string, ReactElement>();

const Block = memo(function Block({ text, kind }: { readonly text: string; readonly kind: 'answer' | 'card' }) {
  return kind === 'answer' ? answerBlock(text) : readBlock(text, cardPlugins);
});

function answerBlock(text: string): ReactElement {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const block = readBlock(text, pluginsFor(text));
  kept.set(text, block);
  const [oldest] = kept.keys();
  if (kept.size > keptAtMost && oldest !== undefined) kept.delete(oldest);
  return block;
}

function pluginsFor(text: string): typeof plainPlugins {
  return text.length > tooLongToHighlight ? plainPlugins : highlightPlugins;
}

/** Reads once, here and now: the component has no state, and what it returns can be kept. */
function readBlock(children: string, rehypePlugins: typeof plainPlugins): ReactElement {
  return ReactMarkdown({ children, remarkPlugins, rehypePlugins, components });
}

/** The screen owns h1 and h2; a model's headings start below them. */
const components: Components = {
  h1: ({ children }) => (
    <h3 dir="auto" className="md-h1">
      {children}
    </h3>
  ),
  h2: ({ children }) => (
    <h4 dir="auto" className="md-h2">
      {children}
    </h4>
  ),
  h3: ({ children }) => (
    <h5 dir="auto" className="md-h3">
      {children}
    </h5>
  ),
  h4: ({ children }) => (
    <h6 dir="auto" className="md-h3">
      {children}
    </h6>
  ),
  h5: ({ children }) => (
    <h6 dir="auto" className="md-h3">
      {children}
    </h6>
  ),
  input: ({ checked }) => (
    <input type="checkbox" checked={checked === true} disabled readOnly aria-label={checked === true ? 'Done' : 'Not done'} />
  ),
  img: ({ alt }) => <span className="ink3">[picture{alt ? `: ${alt}` : ''}]</span>,
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="md-table" role="region" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  code: ({ className, dir, children }) => {
    if (className !== 'language-math' && className !== 'language-math-display') {
      return (
        <code className={className} dir={dir}>
          {children}
        </code>
      );
    }
    return <Formula tex={String(children)} isDisplay={className === 'language-math-display'} />;
  },
  pre: ({ node, children }) => {
    const code = node?.children[0];
    const classes = code?.type === 'element' ? code.properties['className'] : undefined;
    const language = Array.isArray(classes)
      ? classes
          .map(String)
          .find((name) => name.startsWith('language-'))
          ?.slice(9)
      : undefined;
    return (
      <CodeBlock language={language ?? ''} text={code === undefined ? '' : plainText(code)}>
        {children}
      </CodeBlock>
    );
  },
};

function Link({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  if (href === undefined || !href.startsWith('https://') || !URL.canParse(href)) return <span>{children}</span>;
  if (opensOutside(href)) {
    return (
      <a href={href} target="_blank" rel="noreferrer noopener" title={href}>
        {children}
      </a>
    );
  }
  return (
    <span>
      {children}
      {children === href ? null : <span className="ink3"> ({href})</span>}
    </span>
  );
}

interface TextNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly TextNode[];
}

function plainText(node: unknown): string {
  const { type, value, children } = node as TextNode;
  if (type === 'text') return value ?? '';
  return (children ?? []).map(plainText).join('');
}
