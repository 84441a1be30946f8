import { createElement, type ReactElement } from 'react';
import type { MathElement, MathNode } from './readMathTree.ts';
import { readTex } from './readTex.ts';

/** @returns the formula as MathML; null where it is better read as it was written */
export function formulaElement(tex: string, { isDisplay }: { readonly isDisplay: boolean }): ReactElement | null {
  const nodes = readTex(tex, { isDisplay });
  return nodes === null ? null : createElement('math', { display: isDisplay ? 'block' : 'inline', dir: 'ltr' }, ...nodes.map(drawn));
}

function drawn(node: MathNode): ReactElement | string {
  return typeof node === 'string' ? node : elementOf(node);
}

function elementOf({ tag, attributes, style, classes, children }: MathElement): ReactElement {
  const className = classes.length === 0 ? {} : { className: classes.join(' ') };
  return createElement(tag, { ...attributes, style, ...className }, ...children.map(drawn));
}
