import type { TankPart } from './tankPart.ts';

interface TankProps {
  readonly parts: readonly TankPart[];
  /** The end of the scale, in the unit of the parts. */
  readonly total: number;
  /** 16, 10 or 6 px high. */
  readonly size?: 'detail' | 'card' | 'rail';
  /** What it shows, in one sentence. */
  readonly label: string;
  readonly className?: string;
}

/** The ruler's bar: memory in the order other apps, weights, KV cache, compute. */
export function Tank({ parts, total, size = 'detail', label, className }: TankProps) {
  const classes = ['tank', size === 'card' ? 'mid' : size === 'rail' ? 'thin' : '', className ?? ''].filter(Boolean).join(' ');
  return (
    <div className={classes} role="img" aria-label={label}>
      {parts.map((part) => (
        <i
          key={part.kind}
          className={`m-${part.kind}`}
          style={{ width: `${total > 0 ? Math.min(100, (part.value / total) * 100) : 0}%` }}
        />
      ))}
    </div>
  );
}
