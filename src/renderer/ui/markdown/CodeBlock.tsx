import { Copy, WrapText } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { CopyButton } from './CopyButton.tsx';

interface CodeBlockProps {
  readonly language: string;
  /** What Copy copies; also what is shown where there are no highlighted children. */
  readonly text: string;
  readonly children?: ReactNode;
}

/** A fence of code with its language, a wrap switch and Copy. */
export function CodeBlock({ language, text, children }: CodeBlockProps) {
  const [isWrapped, setWrapped] = useState(false);
  return (
    <div className="cb">
      <header>
        <span>{language || 'text'}</span>
        <span className="row row-1">
          <button
            type="button"
            className="ib sm"
            aria-label="Wrap lines"
            title="Wrap lines"
            aria-pressed={isWrapped}
            onClick={() => setWrapped(!isWrapped)}
          >
            <WrapText size={13} aria-hidden="true" />
          </button>
          <CopyButton text={text.replace(/\n$/, '')} className="btn ghost sm" icon={<Copy size={13} aria-hidden="true" />} />
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className={isWrapped ? 'code wrapped' : 'code'} tabIndex={0}>
        {children ?? <code dir="ltr">{text}</code>}
      </pre>
    </div>
  );
}
