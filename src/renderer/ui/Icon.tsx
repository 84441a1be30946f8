import type { LucideIcon } from 'lucide-react';

interface IconProps {
  readonly of: LucideIcon;
  /** Pixels: 16, or 14 in dense rows. */
  readonly size?: number;
  readonly className?: string;
}

/** A lucide icon with the design's stroke. Decorative: the words beside it carry the meaning. */
export function Icon({ of: Glyph, size = 16, className }: IconProps) {
  return <Glyph size={size} strokeWidth={1.75} className={className} aria-hidden="true" />;
}
