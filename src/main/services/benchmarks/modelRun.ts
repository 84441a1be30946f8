import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { Scenario } from '#core/bench/planRun.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { ModelService } from '#main/services/models/modelService.ts';
import type { RunModel, RunRow } from '#main/storage/runTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { pipeErrors, RpcError, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { type AnswerAids, type AnswerOutcome, askItem } from './askItem.ts';
import { type LaneRunner, openLaneRunner } from './laneRunner.ts';
import { describeTest, loadOutcome, measureSpeed, type SpeedOutcome, speedTestOf } from './measureSpeed.ts';
import type { RunControl } from './runControl.ts';

export interface ModelRun {
  readonly run: RunRow;
  readonly model: RunModel;
  /** What is still to be made, in order. */
  readonly pending: readonly Scenario[];
  /** The labelled item of an `answer` scenario. */
  itemOf(scenario: Scenario): LabelledItem;
}

/** What the run wants to know while a model is at work. `journal` throws when the disk is full. */
export interface ModelRunEvents {
  onLoaded(runner: LaneRunner): void;
  onStarted(scenario: Scenario, input: string): void;
  onText(text: string): void;
  journal(samples: readonly JournaledSample[]): void;
  /** A reason to leave the labelled scenarios that are still to come, once there is one. */
  reasonToStop(): RpcErrorData | null;
}

export interface ModelRunNeeds {
  readonly models: Pick<ModelService, 'fresh'>;
  readonly library: Pick<LibraryService, 'get' | 'refresh' | 'whenHashed' | 'holdHashing'>;
  /** Tools and the sandbox that answers with tools or code need. */
  readonly aids: AnswerAids;
  readonly control: RunControl;
  readonly now: () => number;
}

/** How a model's part of a run ended: all asked, stopped by the user, or given up for a reason that is journaled with what was left. */
export type ModelRunEnd =
  | { readonly kind: 'finished'; readonly sha256: string | null }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'gave-up'; readonly problem: RpcErrorData };

const hangMs = 1000;
const hangsToGiveUp = 3;

/**
 * Asks one model everything that is pending, on a process of its own. A crash costs the sample it happened in; the next one
 * gets a fresh process, until the supervisor's breaker opens. What a model can no longer answer is journaled as skipped.
 * @throws whatever `journal` throws.
 */
export async function runModel(task: ModelRun, events: ModelRunEvents, needs: ModelRunNeeds): Promise<ModelRunEnd> {
  const { control } = needs;
  const queue = [...task.pending];
  const identified = await identify(task.model, needs);
  if (control.requested !== null) return { kind: 'stopped' };
  if (!identified.ok) return giveUp(task, queue, { events, problem: identified.problem, now: needs.now });

  const resumeHashing = needs.library.holdHashing();
  let runner: LaneRunner | null = null;
  let hangs = 0;
  try {
    for (let scenario = queue[0]; scenario !== undefined; scenario = queue[0]) {
      if (control.requested !== null) return { kind: 'stopped' };
      const leave = scenario.kind === 'answer' ? events.reasonToStop() : null;
      if (leave !== null) {
        skipLabelled(task, queue, { events, problem: leave, now: needs.now });
        continue;
      }
      if (runner?.isAlive === false) {
        await runner.close();
        runner = null;
      }
      if (runner === null) {
        const opened = await open(task, needs);
        if (opened === 'stopped') return { kind: 'stopped' };
        if (!('fresh' in opened)) return giveUp(task, queue, { events, problem: opened, now: needs.now });
        runner = opened;
        events.onLoaded(runner);
        // Loading may have taken minutes: whoever asked for a pause meanwhile waits no longer.
        continue;
      }
      const askedAt = needs.now();
      const sample = await perform(task, scenario, { runner, events, needs });
      if (sample === null) return { kind: 'stopped' };
      events.journal([sample]);
      queue.shift();
      hangs = isTemplateHang(sample, needs.now() - askedAt) ? hangs + 1 : 0;
      if (sample.error !== null && hangs === hangsToGiveUp) return giveUp(task, queue, { events, problem: sample.error, now: needs.now });
    }
    return { kind: 'finished', sha256: identified.sha256 };
  } finally {
    await runner?.close();
    resumeHashing();
  }
}

/** A template that fails at once may still fit another conversation; one that runs into its deadline only costs time. */
function isTemplateHang(sample: JournaledSample, tookMs: number): boolean {
  return sample.error?.code === modelErrors.template && tookMs >= hangMs;
}

/** The file must be the one that was planned: a score belongs to bytes and not to a name. */
async function identify(
  model: RunModel,
  { library, control }: ModelRunNeeds,
): Promise<{ readonly ok: true; readonly sha256: string | null } | { readonly ok: false; readonly problem: RpcErrorData }> {
  const fail = (problem: RpcErrorData): { readonly ok: false; readonly problem: RpcErrorData } => ({ ok: false, problem });
  const changed = (what: string): { readonly ok: false; readonly problem: RpcErrorData } =>
    fail({
      code: benchmarkErrors.modelChanged,
      message: `${model.name} is no longer the file that this run was planned with: ${what}.`,
      hint: 'Start a new run with the file as it is now. What was measured before is kept.',
    });
  try {
    const artifact = await library.refresh(model.modelId);
    if (artifact.state !== 'ready') {
      return fail(artifact.problem ?? { code: modelErrors.fileMissing, message: `The file of ${model.name} is gone.` });
    }
    if (artifact.sizeBytes !== model.sizeBytes) return changed(`${artifact.sizeBytes} bytes instead of ${model.sizeBytes}`);
    const sha256 = artifact.sha256 ?? (await unlessAborted(library.whenHashed(model.modelId), control.signal));
    if (sha256 !== null && model.sha256 !== null && sha256 !== model.sha256) return changed('its content differs');
    return { ok: true, sha256 };
  } catch (error) {
    return fail(toRpcErrorData(error));
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  let onAbort = (): void => {};
  const aborted = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Whoever lost the race must not become an unhandled rejection.
    work.catch(() => undefined);
  }
}

async function open(task: ModelRun, { models, control }: ModelRunNeeds): Promise<LaneRunner | 'stopped' | RpcErrorData> {
  const { modelId } = task.model;
  try {
    return await openLaneRunner(models, { modelId, contextTokens: task.run.plan.contextTokens, signal: control.signal, lane: 0 });
  } catch (error) {
    if (control.signal.aborted) return 'stopped';
    if (!(error instanceof RpcError)) throw error;
    return error.toJSON();
  }
}

/** @returns null when it was aborted. */
async function perform(
  task: ModelRun,
  scenario: Scenario,
  { runner, events, needs }: { readonly runner: LaneRunner; readonly events: ModelRunEvents; readonly needs: ModelRunNeeds },
): Promise<JournaledSample | null> {
  const { signal } = needs.control;
  const base = blankSample(task, scenario);
  events.onStarted(scenario, base.input);
  try {
    const outcome = await outcomeOf(task, scenario, { runner, signal, onText: events.onText, aids: needs.aids });
    if (outcome === null) return null;
    return { ...base, ...outcome, peakMemoryBytes: runner.peakMemoryBytes, finishedAt: needs.now() };
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof RpcError)) throw error;
    if (error.code === pipeErrors.cancelled && runner.isAlive) return null;
    const { code, message, hint } = error;
    return {
      ...base,
      state: 'error',
      passed: scenario.kind === 'answer' ? false : null,
      peakMemoryBytes: runner.peakMemoryBytes,
      error: { code, message, ...(hint === undefined ? {} : { hint }) },
      finishedAt: needs.now(),
    };
  }
}

function outcomeOf(
  task: ModelRun,
  scenario: Scenario,
  asking: {
    readonly runner: LaneRunner;
    readonly signal: AbortSignal;
    readonly onText: (text: string) => void;
    readonly aids: AnswerAids;
  },
): Promise<AnswerOutcome | SpeedOutcome | null> | SpeedOutcome {
  const { kind, itemId, seed, temperature } = scenario;
  switch (kind) {
    case 'load':
      return loadOutcome(asking.runner);
    case 'measure':
      return measureSpeed(asking.runner, { test: speedTestOf(itemId), seed, signal: asking.signal });
    case 'answer':
      return askItem(asking.runner, { item: task.itemOf(scenario), plan: task.run.plan, temperature, seed, ...asking }, asking.aids);
  }
}

interface Leaving {
  readonly events: ModelRunEvents;
  readonly problem: RpcErrorData;
  readonly now: () => number;
}

function giveUp(task: ModelRun, queue: readonly Scenario[], leaving: Leaving): ModelRunEnd {
  leaving.events.journal(queue.map((scenario) => skippedSample(task, scenario, leaving)));
  return { kind: 'gave-up', problem: leaving.problem };
}

/** Takes the labelled scenarios out of the queue; speed tests stay. */
function skipLabelled(task: ModelRun, queue: Scenario[], leaving: Leaving): void {
  const left = queue.filter((scenario) => scenario.kind === 'answer');
  leaving.events.journal(left.map((scenario) => skippedSample(task, scenario, leaving)));
  const rest = queue.filter((scenario) => scenario.kind !== 'answer');
  queue.splice(0, queue.length, ...rest);
}

function skippedSample(task: ModelRun, scenario: Scenario, { problem, now }: Leaving): JournaledSample {
  const { code, message, hint } = problem;
  return { ...blankSample(task, scenario), error: { code, message, ...(hint === undefined ? {} : { hint }) }, finishedAt: now() };
}

function blankSample(task: ModelRun, scenario: Scenario): JournaledSample {
  const { modelId, suite, itemId, temperature, repeat, seed } = scenario;
  const item = scenario.kind === 'answer' ? task.itemOf(scenario) : null;
  return {
    runId: task.run.id,
    modelId,
    suite,
    itemId,
    task: scenario.task,
    temperature,
    repeat,
    seed,
    state: 'skipped',
    passed: null,
    grade: null,
    input: item?.input ?? describeTest(itemId),
    system: item?.system ?? null,
    expected: item === null ? '' : typeof item.expected === 'string' ? item.expected : JSON.stringify(item.expected),
    output: null,
    finishReason: null,
    usage: null,
    timings: null,
    tokensPerSecond: null,
    peakMemoryBytes: null,
    error: null,
    finishedAt: 0,
  };
}
