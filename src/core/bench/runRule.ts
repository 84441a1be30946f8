import { formatPercent } from '../units.ts';
import type { RunReport } from './runRecords.ts';

/**
 * The rule by which a run is judged, in a sentence.
 * @param plan bar, margin and the chosen reference
 */
export function runRule({ bar, margin, referenceId }: RunReport['run']['plan']): string {
  const reference =
    referenceId === null ? '' : `, and at most ${Math.round(margin * 1000) / 10} points worse than ${referenceId} on the same items`;
  return `passes ${formatPercent(bar)} of the items${reference}, by exact tests; the chance that any model of the run is called fitting by luck is at most 5%`;
}
