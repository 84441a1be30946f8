import { lazy, memo, Suspense } from 'react';
import { type FormulaProps, TexAsWritten } from './TexAsWritten.tsx';

/** What reads TeX is large, and most answers hold none. Where it cannot be had, formulas are read as they were written. */
const DrawnFormula = lazy(async () => {
  try {
    return { default: (await import('./DrawnFormula.tsx')).DrawnFormula };
  } catch {
    return { default: TexAsWritten };
  }
});

/** A formula as the browser draws it. While more of the answer arrives it stays as it is. */
export const Formula = memo(function Formula(props: FormulaProps) {
  return (
    <Suspense fallback={<TexAsWritten {...props} />}>
      <DrawnFormula {...props} />
    </Suspense>
  );
});
