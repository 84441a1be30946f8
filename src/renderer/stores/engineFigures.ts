import { create } from 'zustand';
import type { EngineBytes, FitTarget, Placement } from '#shared/contract/fit.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { rpc } from './rpc.ts';

/** One model at one placement: what the engine can be asked about. */
export interface EngineQuestion {
  readonly target: FitTarget;
  readonly backend: EngineBytes['backend'];
  readonly placement: Placement;
}

export type EngineFigure =
  | { readonly state: 'asking' }
  | { readonly state: 'known'; readonly engine: EngineBytes }
  | { readonly state: 'unknown'; readonly reason: string };

interface EngineFigures {
  readonly figures: ReadonlyMap<string, EngineFigure>;
}

/** What the engine's own dry runs said, by question. */
export const useEngineFigures = create<EngineFigures>(() => ({ figures: new Map() }));

const keptFigures = 200;

export function questionKey({ target, backend, placement }: EngineQuestion): string {
  const { contextTokens, kvType, flashAttention, batchTokens, gpuLayers, sequences } = placement;
  const model = 'artifactId' in target ? [target.artifactId] : [target.repo, target.commit, target.file];
  return JSON.stringify([...model, backend, contextTokens, kvType, flashAttention, batchTokens, gpuLayers, sequences]);
}

/** Asks the engine unless it has answered. Where no dry run can be made the reason is noted, and a later question asks again. */
export async function askEngine(question: EngineQuestion, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  const key = questionKey(question);
  if (useEngineFigures.getState().figures.get(key)?.state === 'known') return;
  note(key, { state: 'asking' });
  try {
    const { engine, reason } = await rpc.call('fit.simulate', question, { signal });
    note(
      key,
      engine === null ? { state: 'unknown', reason: reason ?? 'The engine gave no figure for this model.' } : { state: 'known', engine },
    );
  } catch (thrown) {
    note(key, signal.aborted ? null : { state: 'unknown', reason: toRpcErrorData(thrown).message });
  }
}

function note(key: string, figure: EngineFigure | null): void {
  const others = [...useEngineFigures.getState().figures].filter(([known]) => known !== key).slice(-(keptFigures - 1));
  useEngineFigures.setState({ figures: new Map(figure === null ? others : [...others, [key, figure]]) });
}
