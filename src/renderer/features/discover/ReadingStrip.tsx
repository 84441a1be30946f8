import { CornerDownLeft } from 'lucide-react';
import { Icon } from '../../ui/Icon.tsx';
import { openTarget } from './openTarget.ts';
import { type SearchReading, targetDetail } from './readSearch.ts';

/** What was understood of the words in the field, before anybody has answered; a full name can be opened from here. */
export function ReadingStrip({ reading }: { readonly reading: SearchReading | null }) {
  if (reading === null || (reading.line === null && reading.target.kind === 'search')) return null;
  const { line, target } = reading;
  const detail = targetDetail(target);
  return (
    <div className="reading-strip" role="status" aria-label="Read as">
      {line === null ? null : <p>{line}</p>}
      {target.kind === 'repo' ? (
        <button type="button" className="open-name" onClick={() => openTarget(target)}>
          <span className="sr">Open </span>
          <span className="mono ell">{target.repo}</span>
          {detail === null ? null : <span className="mono ink3 ell">{detail}</span>}
          <Icon of={CornerDownLeft} size={13} />
        </button>
      ) : null}
    </div>
  );
}
