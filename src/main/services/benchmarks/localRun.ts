import { loadItemId, warmLoadItemId } from '#core/bench/planRun.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { RpcError, type RpcErrorData } from '#shared/rpc/rpcError.ts';
import { createLaneContext } from './laneContext.ts';
import { createLaneQueue, type LaneQueue } from './laneQueue.ts';
import { type LaneRunner, openLaneRunner } from './laneRunner.ts';
import { aloneAnswers, aloneMs, calibrationAnswersPerLane, lanesPay, lanesToTry, tokenCostOf } from './lanes.ts';
import { answerOnLanes, type Lane, type LaneWorkEnd } from './laneWorkers.ts';
import type { ModelRunEvents, ModelRunNeeds, ModelTask } from './modelTask.ts';
import { beginningOf } from './promptBeginning.ts';
import type { PartEnd } from './remoteRun.ts';

type Opened = LaneRunner | 'stopped' | RpcErrorData;

/** How answers are made side by side: by single-threaded processes of one mapped file, or in sequences of one context on a GPU. */
type Split = { readonly kind: 'none' } | { readonly kind: 'processes' } | { readonly kind: 'sequences'; readonly count: number };

function loadingOf(split: Split): { readonly threads?: number; readonly isMapped?: boolean; readonly sequences?: number } {
  switch (split.kind) {
    case 'none':
      return {};
    case 'processes':
      return { threads: 1, isMapped: true };
    case 'sequences':
      return { sequences: split.count };
  }
}

/**
 * Asks a model of this machine: speed and the first answers alone on a process of its own, then the rest side by side where that pays.
 * @throws whatever `journal` throws.
 */
export async function runOnLanes(task: ModelTask, events: ModelRunEvents, needs: ModelRunNeeds): Promise<PartEnd> {
  const lanes: Lane[] = [{ number: 0, answerer: null }];
  const [first] = lanes;
  if (first === undefined) throw new Error('There is no first lane.');
  const queue = createLaneQueue(
    task.pending.filter((scenario) => scenario.kind === 'answer'),
    (scenario) => beginningOf(task.itemOf(scenario)),
  );
  const measurements = task.pending.filter((scenario) => scenario.kind !== 'answer');
  const firstLoad = createLaneQueue(
    measurements.filter(({ itemId }) => itemId === loadItemId),
    null,
  );
  const speeds = createLaneQueue(
    measurements.filter(({ itemId }) => itemId !== loadItemId),
    null,
  );
  const alone = task.journaled.filter((sample) => sample.work?.beside === 1);
  let split: Split = { kind: 'none' };
  const open = createOpener(task, { split: () => split, events, needs });
  const on = (part: LaneQueue, more: Partial<Parameters<typeof answerOnLanes>[0]> = {}): Promise<LaneWorkEnd> =>
    answerOnLanes({ task, events, needs, lanes: [...lanes], queue: part, open, ...more });
  const ended = (end: LaneWorkEnd): PartEnd | null => {
    if (end.kind === 'done') return null;
    return end.kind === 'stopped' ? end : { ...end, left: [firstLoad, speeds, queue].flatMap((part) => part.drain()) };
  };

  try {
    events.onLanes(1);
    const measure = (part: LaneQueue): Promise<LaneWorkEnd> => on(part, { events: { ...events, reasonToStop: () => null } });
    const loaded = ended(await measure(firstLoad));
    if (loaded !== null) return loaded;
    if (measurements.some(({ itemId }) => itemId === warmLoadItemId)) {
      // A second load is one right after a first.
      await openLanes(lanes, open);
      await closeLanes(lanes);
    }
    const measured = ended(await measure(speeds));
    if (measured !== null) return measured;
    const isAlone = task.run.plan.lanes === 1;
    const calibrated = ended(
      await on(queue, {
        isEnough: () => !isAlone && alone.length >= aloneAnswers,
        onSample: (sample) => alone.push(sample),
      }),
    );
    if (calibrated !== null) return calibrated;
    if (queue.size === 0) return { kind: 'done' };

    const count = await laneCount(alone, { task, first, answersLeft: queue.size, needs });
    if (count > 1) {
      const runner = first.answerer as LaneRunner | null;
      split = runner !== null && isOnGpu(runner) ? { kind: 'sequences', count } : { kind: 'processes' };
      if (runner !== null && !(split.kind === 'processes' && isSingleThreaded(runner))) await closeLanes([first]);
      while (lanes.length < count) lanes.push({ number: lanes.length, answerer: null });
      await openLanes(lanes, open);
      events.onLanes(count);
      const end = await answerUnlessSlower({ alone, isDecided: task.run.plan.lanes !== null, queue, on, lanes: count });
      if (end.kind === 'stopped') return end;
      if (queue.size === 0) return { kind: 'done' };
      // They brought nothing, or there was no room for them: one by itself may still answer.
      await closeLanes(lanes.splice(1));
      if (runner === null || first.answerer !== runner) await closeLanes([first]);
      split = { kind: 'none' };
      events.onLanes(1);
    }
    return ended(await on(queue)) ?? { kind: 'done' };
  } finally {
    await closeLanes(lanes);
  }
}

async function laneCount(
  alone: readonly JournaledSample[],
  parts: { readonly task: ModelTask; readonly first: Lane; readonly answersLeft: number; readonly needs: ModelRunNeeds },
): Promise<number> {
  const { task, answersLeft, needs } = parts;
  const runner = parts.first.answerer as LaneRunner | null;
  const cost = tokenCostOf(alone);
  const times = cost === null ? [] : alone.map((sample) => aloneMs(sample, cost)).filter((time) => time !== null);
  return lanesToTry({
    wanted: task.run.plan.lanes,
    cores: await needs.readings.cores(),
    availableBytes: await needs.readings.availableMemory(),
    residentBytes: runner?.residentBytes ?? null,
    isOnGpu: runner !== null && isOnGpu(runner),
    loadMs: runner?.fresh.load.loadMs ?? 0,
    answersLeft,
    answerMs: times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length,
  });
}

/** Answers on all lanes, and ends early once it shows that they bring nothing. */
async function answerUnlessSlower(parts: {
  readonly alone: readonly JournaledSample[];
  readonly isDecided: boolean;
  readonly queue: LaneQueue;
  readonly lanes: number;
  readonly on: (queue: LaneQueue, more: Partial<Parameters<typeof answerOnLanes>[0]>) => Promise<LaneWorkEnd>;
}): Promise<LaneWorkEnd> {
  const cost = tokenCostOf(parts.alone);
  if (parts.isDecided || cost === null) return await parts.on(parts.queue, {});
  const startedAt = performance.now();
  const made: JournaledSample[] = [];
  let verdict: boolean | null = null;
  return await parts.on(parts.queue, {
    onSample: (sample) => {
      if (verdict !== null) return;
      made.push(sample);
      if (made.length < calibrationAnswersPerLane * parts.lanes) return;
      verdict = lanesPay(made, { cost, elapsedMs: performance.now() - startedAt });
    },
    isEnough: () => verdict === false,
  });
}

/** Opens lanes: each a process of its own, but on a GPU all of one, which is opened anew once it has died. */
function createOpener(
  task: ModelTask,
  parts: { readonly split: () => Split; readonly events: ModelRunEvents; readonly needs: ModelRunNeeds },
): (lane: number) => Promise<Opened> {
  const { events, needs } = parts;
  const withContext = createLaneContext(task);
  let opening: Promise<Opened> | null = null;
  let runner: LaneRunner | null = null;

  async function openShared(split: Split): Promise<Opened> {
    const opened = await openRunner(task, { lane: 0, split, withContext, events, needs });
    if (isRunner(opened)) runner = opened;
    else opening = null;
    return opened;
  }

  return (lane) => {
    const split = parts.split();
    if (split.kind !== 'sequences') return openRunner(task, { lane, split, withContext, events, needs });
    if (runner?.isAlive === false) {
      runner = null;
      opening = null;
    }
    opening ??= openShared(split);
    return opening;
  };
}

/** So that no lane answers while another is still being loaded: what is calibrated then is not what follows. */
async function openLanes(lanes: readonly Lane[], open: (lane: number) => Promise<Opened>): Promise<void> {
  await Promise.all(
    lanes.map(async (lane) => {
      if (lane.answerer !== null) return;
      const opened = await open(lane.number);
      // One that can't be opened is tried once more when its turn comes, which also tells why.
      if (isRunner(opened)) lane.answerer = opened;
    }),
  );
}

async function closeLanes(lanes: readonly Lane[]): Promise<void> {
  await Promise.all(
    lanes.map(async (lane) => {
      const { answerer } = lane;
      lane.answerer = null;
      await answerer?.close();
    }),
  );
}

const isRunner = (opened: Opened): opened is LaneRunner => opened !== 'stopped' && 'generate' in opened;
const isOnGpu = (runner: LaneRunner): boolean => runner.fresh.load.backend !== 'cpu' && runner.fresh.load.gpuLayers > 0;
const isSingleThreaded = (runner: LaneRunner): boolean => runner.fresh.load.threads === 1;

async function openRunner(
  task: ModelTask,
  parts: {
    readonly lane: number;
    readonly split: Split;
    readonly withContext: ReturnType<typeof createLaneContext>;
    readonly events: ModelRunEvents;
    readonly needs: ModelRunNeeds;
  },
): Promise<Opened> {
  const { lane, split, withContext, events, needs } = parts;
  const { kvType } = task.run.plan;
  const { signal } = needs.control;
  try {
    const loading = { modelId: task.model.modelId, kvType, signal, lane, ...loadingOf(split) };
    const runner = await withContext((context) => openLaneRunner(needs.models, { ...loading, ...context }));
    if (split.kind === 'none') events.onLoaded(runner);
    return runner;
  } catch (error) {
    if (signal.aborted) return 'stopped';
    if (!(error instanceof RpcError)) throw error;
    return error.toJSON();
  }
}
