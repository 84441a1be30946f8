import type { Scenario } from '#core/bench/planRun.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import type { Answerer } from './answerer.ts';
import type { LaneQueue } from './laneQueue.ts';
import type { ModelRunEvents, ModelRunNeeds, ModelTask } from './modelTask.ts';
import { performScenario } from './performScenario.ts';
import { skippedSample } from './scenarioSample.ts';

/** Who answers on a lane; null until it is opened, and after it has died. */
export interface Lane {
  readonly number: number;
  answerer: Answerer | null;
}

export interface LaneWork {
  readonly task: ModelTask;
  readonly events: ModelRunEvents;
  readonly needs: ModelRunNeeds;
  readonly queue: LaneQueue;
  readonly lanes: readonly Lane[];
  /** @returns why it can't be opened, or `stopped`. */
  open(lane: number): Promise<Answerer | 'stopped' | RpcErrorData>;
  /** Asked before each scenario: whether this part of the work is over. */
  isEnough?(): boolean;
  /** Told of each sample once it is written. */
  onSample?(sample: JournaledSample): void;
}

/** What its runner died of, with the sample that is journaled if it can't be asked again. */
interface Crashed {
  readonly scenario: Scenario;
  readonly sample: JournaledSample;
  readonly attempts: number;
}

/** How a part of the work ended: nothing left (or enough), stopped by the user, or nobody is left who could answer. */
export type LaneWorkEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: RpcErrorData };

const hangMs = 1000;
const hangsToGiveUp = 3;

/**
 * Asks what is in the queue on all lanes at the same time. A crash costs nobody but its lane, which gets a fresh process and asks the same again as
 * often as the plan allows, until the supervisor's breaker opens; what it leaves is taken over by the others.
 * @throws whatever `journal` throws, after every lane has stopped
 */
export async function answerOnLanes(work: LaneWork): Promise<LaneWorkEnd> {
  const { control } = work.needs;
  const halt = new AbortController();
  const signal = AbortSignal.any([control.signal, halt.signal]);
  let hangs = 0;
  let isOver = false;

  /** A template that fails at once may still fit another conversation; one that runs into its deadline only costs time. */
  function hangProblem(sample: JournaledSample, tookMs: number): RpcErrorData | null {
    const hasHung = sample.error?.code === modelErrors.template && tookMs >= hangMs;
    hangs = hasHung ? hangs + 1 : 0;
    return hangs >= hangsToGiveUp ? sample.error : null;
  }

  function write(sample: JournaledSample): void {
    work.events.journal([sample]);
    work.onSample?.(sample);
  }

  function skipRest(problem: RpcErrorData): void {
    const { task, needs } = work;
    work.events.journal(work.queue.drain().map((scenario) => skippedSample(task, scenario, { problem, now: needs.now })));
  }

  async function ask(lane: Lane, scenario: Scenario, attempts: number): Promise<JournaledSample | 'stopped'> {
    if (lane.answerer === null) throw new Error('A lane without an answerer was asked.');
    const { task, events, needs, lanes } = work;
    const performance = { answerer: lane.answerer, lane: lane.number, beside: lanes.length, attempts, signal, events, needs };
    return (await performScenario(task, scenario, performance)) ?? 'stopped';
  }

  async function serve(lane: Lane): Promise<LaneWorkEnd> {
    /** At most one. */
    const again: Crashed[] = [];
    for (;;) {
      if (control.requested !== null || halt.signal.aborted) return { kind: 'stopped' };
      if (lane.answerer?.isAlive === false) {
        await lane.answerer.close();
        lane.answerer = null;
      }
      if (again.length === 0) {
        if (isOver || work.queue.size === 0 || work.isEnough?.() === true) return { kind: 'done' };
        const leave = work.events.reasonToStop();
        if (leave !== null) {
          skipRest(leave);
          return { kind: 'done' };
        }
      }
      if (lane.answerer === null) {
        const opened = await work.open(lane.number);
        if (opened === 'stopped') return { kind: 'stopped' };
        if (!('generate' in opened)) {
          for (const { sample } of again) write(sample);
          return { kind: 'failed', problem: opened };
        }
        lane.answerer = opened;
        // Loading may have taken minutes: whoever asked for a pause meanwhile waits no longer.
        continue;
      }
      const crashed = again.shift();
      const scenario = crashed?.scenario ?? work.queue.take(lane.number);
      if (scenario === undefined) return { kind: 'done' };
      const attempts = (crashed?.attempts ?? 0) + 1;
      const askedAt = work.needs.now();
      const sample = await ask(lane, scenario, attempts);
      if (sample === 'stopped') {
        work.queue.putBack(scenario);
        return { kind: 'stopped' };
      }
      if (sample.error !== null && !lane.answerer.isAlive && attempts <= work.task.run.plan.retries) {
        again.push({ scenario, sample, attempts });
        continue;
      }
      write(sample);
      const problem = hangProblem(sample, work.needs.now() - askedAt);
      if (problem === null) continue;
      isOver = true;
      return { kind: 'failed', problem };
    }
  }

  const ends = await Promise.allSettled(
    work.lanes.map(async (lane) => {
      try {
        return await serve(lane);
      } catch (error) {
        halt.abort();
        throw error;
      }
    }),
  );
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  const kinds = ends.filter((end) => end.status === 'fulfilled').map((end) => end.value);
  const stopped = kinds.find((end) => end.kind === 'stopped');
  if (stopped !== undefined) return stopped;
  const failed = kinds.find((end) => end.kind === 'failed');
  return failed !== undefined && work.queue.size > 0 ? failed : { kind: 'done' };
}
