import { createElement, type ReactNode } from 'react';
import { type MathNode, readTex } from './readTex.ts';

interface FormulaProps {
  readonly tex: string;
  /** Stands on lines of its own. */
  readonly isDisplay: boolean;
}

/** A formula as the browser draws it; TeX that is not known here is shown as it was written. */
export function Formula({ tex, isDisplay }: FormulaProps) {
  const node = readTex(tex);
  if (node === null) return <code dir="ltr">{isDisplay ? `$$${tex}$$` : `$${tex}$`}</code>;
  const math = createElement('math', { display: isDisplay ? 'block' : 'inline', dir: 'ltr' }, drawn(node, 0));
  return isDisplay ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <span className="md-math" role="region" aria-label="Formula" tabIndex={0}>
      {math}
    </span>
  ) : (
    math
  );
}

function drawn({ tag, text, children, attributes }: MathNode, key: number): ReactNode {
  const { class: className, ...rest } = attributes ?? {};
  return createElement(
    tag,
    { key, ...rest, ...(className === undefined || className === '' ? {} : { className }) },
    text ?? children?.map(drawn),
  );
}
