import type { FitEstimate } from '#core/fit/fitTypes.ts';

/** For sorting: the better a model fits, the higher; among those that share the layers the more of them lie on the GPU. */
export function fitRank({ state, gpuLayers, layers }: Pick<FitEstimate, 'state' | 'gpuLayers' | 'layers'>): number {
  switch (state) {
    case 'gpu':
      return 4;
    case 'partial':
      return 3 + (layers > 0 ? Math.min(gpuLayers / layers, 0.999) : 0);
    case 'cpu':
      return 2;
    case 'tight':
      return 1;
    case 'none':
      return 0;
  }
}

interface Ranking<Model extends { readonly id: string }> {
  readonly models: readonly Model[];
  /** Null = cannot be known; undefined = not known yet. */
  readonly fitOf: (model: Model) => FitEstimate | null | undefined;
  /** Gives the page its turn. */
  readonly pause: () => Promise<void>;
  /** Ends when more is known than before. */
  readonly more: () => Promise<void>;
  readonly onRanks: (ranks: ReadonlyMap<string, number>) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What one turn may take of a frame of 16 ms, and how often an order in the making is shown. */
const turnMs = 6;
const showMs = 500;

/** Ranks any number of models without ever holding the page up for more than a few milliseconds; tells what it has twice a second and at the end. */
export async function rankFits<Model extends { readonly id: string }>(ranking: Ranking<Model>): Promise<void> {
  const { fitOf, pause, more, onRanks, now, signal } = ranking;
  const ranks = new Map<string, number>();
  let left = ranking.models;
  let shownAt = now();
  while (!signal.aborted) {
    const waiting: Model[] = [];
    let turnEnds = now() + turnMs;
    for (const model of left) {
      const fit = fitOf(model);
      if (fit === undefined) waiting.push(model);
      else if (fit !== null) ranks.set(model.id, fitRank(fit));
      if (now() < turnEnds) continue;
      if (now() - shownAt >= showMs) {
        onRanks(new Map(ranks));
        shownAt = now();
      }
      await pause();
      if (signal.aborted) return;
      turnEnds = now() + turnMs;
    }
    if (waiting.length === 0) return onRanks(ranks);
    left = waiting;
    if (now() - shownAt >= showMs) {
      onRanks(new Map(ranks));
      shownAt = now();
    }
    await more();
  }
}
