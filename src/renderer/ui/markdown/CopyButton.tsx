import { Check } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { copyText } from '../copyText.ts';

interface CopyButtonProps {
  readonly text: string;
  readonly className: string;
  readonly icon: ReactNode;
  /** Icon only, with the words as accessible name. */
  readonly isCompact?: boolean;
}

/** Copies and says so for two seconds. */
export function CopyButton({ text, className, icon, isCompact = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const words = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Not copied' : 'Copy';
  return (
    <button
      type="button"
      className={className}
      aria-label={isCompact ? words : undefined}
      title={isCompact ? words : undefined}
      onClick={() => {
        void copyText(text).then((isCopied) => setOutcome(isCopied ? 'copied' : 'failed'));
      }}
    >
      {outcome === 'copied' ? <Check size={isCompact ? 14 : 13} aria-hidden="true" /> : icon}
      {isCompact ? null : words}
    </button>
  );
}
