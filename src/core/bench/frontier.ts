import type { PairedComparison } from './itemOutcomes.ts';
import type { FrontierPlace } from './runRecords.ts';
import { percentileInterval } from './statistics.ts';

/** What one model is held against the others by. Unknown is null, and then says nothing either way. */
export interface FrontierModel {
  readonly modelId: string;
  /** Milliseconds of answers that were made alone, to their own end. */
  readonly totalsMs: readonly number[];
  readonly peakMemoryBytes: number | null;
  /** Joules of answers that were made alone. */
  readonly joules: readonly number[];
}

/** How one model stands to another on one axis: beyond chance, or only by the figures. */
type Standing = 'better' | 'seems-better' | 'alike' | 'seems-worse' | 'worse' | 'unknown';

/** Below, an interval for the 95th percentile has no upper end. */
const p95Values = 72;
/** One reading of memory differs from the next by as much. */
const memoryNoise = 0.02;

/**
 * Which models no other is better than: in score on the same items, latency and peak memory, and energy where it was measured. A model is dominated
 * where another is better in one of them beyond doubt, worse in none, and as good in score: by its figure, and with 95 % confidence but for the
 * margin. It is in the tie band where chance alone may keep it from being dominated.
 * Latency is compared at the 95th percentile where all have enough answers for an interval of it, otherwise at the median; intervals are those of
 * order statistics.
 * @param models with a score
 * @param options.compare a model against another on the items that both were asked
 * @param options.margin how much worse in score still counts as equal, 0 to 1
 * @returns place by model
 */
export function frontierOf(
  models: readonly FrontierModel[],
  options: {
    readonly compare: (modelId: string, otherId: string) => PairedComparison | null;
    readonly margin: number;
  },
): ReadonlyMap<string, FrontierPlace> {
  const share = models.every((model) => model.totalsMs.length >= p95Values) ? 0.95 : 0.5;
  const intervals = new Map(
    models.map((model) => [
      model.modelId,
      { latency: percentileInterval(model.totalsMs, share), joules: percentileInterval(model.joules, 0.5) },
    ]),
  );
  const places = models.map((model): [string, FrontierPlace] => {
    let place: FrontierPlace = 'on';
    for (const other of models) {
      if (other === model) continue;
      const comparison = options.compare(other.modelId, model.modelId);
      const [theirs, ours] = [intervals.get(other.modelId), intervals.get(model.modelId)];
      const standings = [
        scoreStanding(comparison),
        intervalStanding(theirs?.latency, ours?.latency),
        memoryStanding(other.peakMemoryBytes, model.peakMemoryBytes),
        intervalStanding(theirs?.joules, ours?.joules),
      ];
      const isAsGood = comparison !== null && comparison.difference >= 0 && comparison.lowerBound > -options.margin;
      const over = standingOver(standings, isAsGood);
      if (over === 'dominated') place = 'dominated';
      else if (over === 'tie' && place === 'on') place = 'tie';
    }
    return [model.modelId, place];
  });
  return new Map(places);
}

/** What another model's standings make of this one. */
function standingOver(standings: readonly Standing[], isAsGood: boolean): FrontierPlace {
  const has = (...kinds: readonly Standing[]): boolean => standings.some((standing) => kinds.includes(standing));
  if (has('worse')) return 'on';
  if (has('better')) return isAsGood ? 'dominated' : 'tie';
  return has('seems-better') && !has('seems-worse') ? 'tie' : 'on';
}

function scoreStanding(comparison: PairedComparison | null): Standing {
  if (comparison === null) return 'unknown';
  const { difference, mcnemarP } = comparison;
  if (difference === 0) return 'alike';
  if (mcnemarP < 0.05) return difference > 0 ? 'better' : 'worse';
  return difference > 0 ? 'seems-better' : 'seems-worse';
}

interface Ends {
  readonly low: number | null;
  readonly high: number | null;
}

/** Less is better; beyond doubt where the intervals do not meet. */
function intervalStanding(theirs: Ends | undefined, ours: Ends | undefined): Standing {
  if (theirs?.low == null || theirs.high === null || ours?.low == null || ours.high === null) return 'unknown';
  if (theirs.high < ours.low) return 'better';
  if (theirs.low > ours.high) return 'worse';
  const gap = theirs.low + theirs.high - ours.low - ours.high;
  if (gap === 0) return 'alike';
  return gap < 0 ? 'seems-better' : 'seems-worse';
}

function memoryStanding(theirs: number | null, ours: number | null): Standing {
  if (theirs === null || ours === null) return 'unknown';
  if (Math.abs(theirs - ours) <= memoryNoise * Math.max(theirs, ours)) return 'alike';
  return theirs < ours ? 'better' : 'worse';
}
