import { LoaderCircle } from 'lucide-react';

/** Only inside a busy control; a page shows a skeleton instead. */
export function Spinner({ size = 15 }: { readonly size?: number }) {
  return <LoaderCircle size={size} strokeWidth={1.75} className="spin" aria-hidden="true" />;
}
