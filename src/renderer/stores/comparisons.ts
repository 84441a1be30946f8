import { create } from 'zustand';
import { defaultSampling, type NewAttachment, type Sampling } from '#shared/contract/chat.ts';
import type { Comparison, ComparisonDraft, ComparisonEntry, ComparisonEvent, Standing } from '#shared/contract/comparisons.ts';
import { pipeErrors, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { readAttachment } from './chatAttachments.ts';
import { type LiveComparison, withComparisonEvents } from './comparedColumns.ts';
import { frameBatch } from './frameBatch.ts';
import { rpc } from './rpc.ts';

/** What the next comparison asks, but for its prompt. */
export interface CompareChoice {
  /** Null until somebody chose: then what the library offers. */
  readonly modelIds: readonly string[] | null;
  readonly systemPrompt: string;
  readonly sampling: Sampling;
  readonly isBlind: boolean;
  readonly pace: ComparisonDraft['pace'];
}

interface ComparisonsState {
  readonly choice: CompareChoice;
  /** Typed and not sent. It outlives its screen. */
  readonly typed: string;
  /** Files that go along with it. */
  readonly attached: readonly NewAttachment[];
  /** What is on screen and not being written. */
  readonly shown: Comparison | null;
  readonly opening: { readonly id: string; readonly problem: RpcErrorData | null } | null;
  readonly live: LiveComparison | null;
  readonly isStarting: boolean;
  readonly isStopping: boolean;
  readonly problem: RpcErrorData | null;
  /** Null until they were read. */
  readonly history: { readonly entries: readonly ComparisonEntry[]; readonly standings: readonly Standing[] } | null;
  readonly historyProblem: RpcErrorData | null;
}

export const useComparisons = create<ComparisonsState>(() => ({
  choice: { modelIds: null, systemPrompt: '', sampling: defaultSampling, isBlind: false, pace: 'turns' },
  typed: '',
  attached: [],
  shown: null,
  opening: null,
  live: null,
  isStarting: false,
  isStopping: false,
  problem: null,
  history: null,
  historyProblem: null,
}));
const { getState: get, setState: set } = useComparisons;
let stop: AbortController | null = null;

export function changeChoice(change: Partial<CompareChoice>): void {
  set({ choice: { ...get().choice, ...change } });
}

export function typePrompt(typed: string): void {
  set({ typed });
}

export function attachToPrompt(attached: readonly NewAttachment[]): void {
  set({ attached });
}

/** Puts what was asked back to be asked again, unless something else was begun. */
export function takeBackPrompt(comparison: Comparison): Promise<void> {
  return reporting(async () => {
    if (!isNothingBegun()) return;
    const attached = await attachmentsOf(comparison);
    // Together, so that the prompt is never sent without its files; somebody may have typed while they were read.
    if (isNothingBegun()) set({ typed: comparison.prompt, attached });
  });
}

function isNothingBegun(): boolean {
  const { typed, attached } = get();
  return typed === '' && attached.length === 0;
}

/** The files of a comparison, to be sent once more. @throws {RpcError} */
function attachmentsOf({ attachments }: Comparison): Promise<NewAttachment[]> {
  return Promise.all(
    attachments.map(async ({ id, kind, name, mediaType }) => ({ kind, name, mediaType, data: await readAttachment(id, 'comparisons') })),
  );
}

/** Shows a comparison that was kept, or none: the place to begin one. */
export async function showComparison(id: string | null): Promise<void> {
  const { live, shown } = get();
  if (id === null) return set({ shown: null, opening: null });
  if (live?.comparison.id === id || shown?.id === id) return set({ opening: null });
  set({ shown: null, opening: { id, problem: null } });
  try {
    const opened = await rpc.call('comparisons.open', { id });
    if (get().opening?.id !== id) return;
    // Asked again, it is asked in the same way, with another seed unless one was chosen.
    const { systemPrompt, sampling, pace } = opened;
    const { choice } = get();
    set({
      shown: opened,
      opening: null,
      choice: { ...choice, systemPrompt, pace, sampling: { ...sampling, seed: choice.sampling.seed } },
    });
  } catch (thrown) {
    if (get().opening?.id === id) set({ opening: { id, problem: toRpcErrorData(thrown) } });
  }
}

/**
 * Asks the chosen models. The prompt and its files stay until they are asked.
 * @param onStarted is told the comparison's id, for its address
 */
export async function compare(draft: ComparisonDraft, onStarted: (id: string) => void): Promise<void> {
  if (stop !== null) return;
  const { attached: attachedBefore } = get();
  const controller = new AbortController();
  stop = controller;
  set({ isStarting: true, isStopping: false, problem: null });
  const batch = frameBatch<ComparisonEvent>(
    (events) => {
      const { live } = get();
      if (live !== null) set({ live: withComparisonEvents(live, events) });
    },
    (callback) => requestAnimationFrame(callback),
  );
  try {
    const ended = await rpc.stream('comparisons.start', draft, {
      signal: controller.signal,
      onItem(event) {
        if (event.kind !== 'started') return batch.add(event);
        // Asked again, something else may be typed already.
        const isTyped = get().typed === draft.prompt;
        const typed = isTyped ? '' : get().typed;
        const attached = isTyped && get().attached === attachedBefore ? [] : get().attached;
        set({ live: { comparison: event.comparison, columns: {}, ended: 0 }, shown: null, isStarting: false, typed, attached });
        onStarted(event.comparison.id);
      },
    });
    set({ shown: ended });
  } catch (thrown) {
    await keepStopped(toRpcErrorData(thrown));
  } finally {
    stop = null;
    set({ live: null, isStarting: false, isStopping: false });
    if (get().history !== null) void readHistory();
  }
}

/** Asks what was asked before, with its files. */
export function compareAgain(
  comparison: Comparison,
  draft: Omit<ComparisonDraft, 'prompt' | 'attachments'>,
  onStarted: (id: string) => void,
): Promise<void> {
  return reporting(async () => {
    const attachments = await attachmentsOf(comparison);
    await compare({ ...draft, prompt: comparison.prompt, attachments }, onStarted);
  });
}

/** A stop ends the stream before its closing value: what was kept is read, once the service has ended it. */
async function keepStopped(problem: RpcErrorData): Promise<void> {
  const id = get().live?.comparison.id;
  if (problem.code !== pipeErrors.cancelled) set({ problem });
  if (id === undefined) return;
  try {
    set({ shown: await rpc.call('comparisons.open', { id }) });
  } catch (thrown) {
    set({ problem: toRpcErrorData(thrown) });
  }
}

/** Stops all columns; what was written is kept. */
export function stopComparison(): void {
  if (stop === null) return;
  set({ isStopping: true });
  stop.abort();
}

export function stopColumn(id: string, index: number): Promise<void> {
  return reporting(async () => void (await rpc.call('comparisons.stop', { id, index })));
}

/** Says which answer was better; null takes it back, or tells the names of a blind comparison without a vote. */
export function vote(id: string, choice: Comparison['vote']): Promise<void> {
  return reporting(async () => {
    set({ shown: await rpc.call('comparisons.vote', { id, vote: choice }) });
    if (get().history !== null) await readHistory();
  });
}

/** Reads what was compared, and who won. */
export async function readHistory(): Promise<void> {
  try {
    const [{ comparisons: entries }, { standings }] = await Promise.all([
      rpc.call('comparisons.list', {}),
      rpc.call('comparisons.standings', {}),
    ]);
    set({ history: { entries, standings }, historyProblem: null });
  } catch (thrown) {
    set({ historyProblem: toRpcErrorData(thrown) });
  }
}

export function removeComparison(id: string): Promise<void> {
  return reporting(async () => {
    await rpc.call('comparisons.remove', { id });
    if (get().shown?.id === id) set({ shown: null });
    await readHistory();
  });
}

export function dismissProblem(): void {
  set({ problem: null });
}

async function reporting(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    set({ problem: toRpcErrorData(thrown) });
  }
}
