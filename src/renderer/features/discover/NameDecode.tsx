import type { NameSegment } from '#core/names/nameReading.ts';
import { nameParts } from './nameParts.ts';

interface NameDecodeProps {
  readonly name: string;
  readonly segments: readonly NameSegment[];
}

/** The name as it is written, each known part bracketed with its gloss. Unknown parts get none, never a guess. */
export function NameDecode({ name, segments }: NameDecodeProps) {
  let place = 0;
  return (
    <h2 className="decode grow">
      {nameParts(name, segments).map((part) => {
        place += part.separator.length + part.text.length;
        return (
          <span key={place} className="piece">
            {part.separator === '' ? null : <span className="mono sp">{part.separator}</span>}
            <span className="seg1">
              <span className="mono t">{part.text}</span>
              {part.meaning === null ? null : (
                <>
                  <span className="br" aria-hidden="true" />
                  <span className="w">
                    <span className="sr">: </span>
                    {part.meaning}
                  </span>
                </>
              )}
            </span>
          </span>
        );
      })}
    </h2>
  );
}
