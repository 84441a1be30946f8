import { formulaElement } from './formulaElement.ts';
import { type FormulaProps, TexAsWritten } from './TexAsWritten.tsx';
import '../../styles/formula.css';

/** A formula as MathML; TeX that cannot be drawn is shown as it was written. */
export function DrawnFormula({ tex, isDisplay }: FormulaProps) {
  const math = formulaElement(tex, { isDisplay });
  if (math === null) return <TexAsWritten tex={tex} isDisplay={isDisplay} />;
  return isDisplay ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <span className="md-math" role="region" aria-label="Formula" tabIndex={0}>
      {math}
    </span>
  ) : (
    math
  );
}
