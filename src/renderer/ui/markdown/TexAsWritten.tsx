export interface FormulaProps {
  readonly tex: string;
  /** Stands on lines of its own. */
  readonly isDisplay: boolean;
}

/** A formula that is not drawn, or not yet. */
export function TexAsWritten({ tex, isDisplay }: FormulaProps) {
  return <code dir="ltr">{isDisplay ? `$$${tex}$$` : `$${tex}$`}</code>;
}
