import { useDelayed } from './useDelayed.ts';

interface SkeletonProps {
  /** What is being loaded, for screen readers. */
  readonly label: string;
  readonly rows?: number;
}

const widths = [150, 118, 168, 132, 96] as const;

/** Grey rows in the shape of a list, from 150 ms on: a fast answer never flickers. */
export function Skeleton({ label, rows = 6 }: SkeletonProps) {
  const visible = useDelayed(150);
  return (
    <div className="p-4" aria-busy="true" aria-label={label} role="status">
      {visible
        ? Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: identical grey rows have nothing else to tell them apart
            <div key={row} className="row spread h-9">
              <span className="skel" style={{ width: widths[row % widths.length], height: 10 }} />
              <span className="skel" style={{ width: 64, height: 7 }} />
            </div>
          ))
        : null}
    </div>
  );
}
