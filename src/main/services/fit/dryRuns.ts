import { createHash } from 'node:crypto';
import { bareHeader } from '#core/fit/bareHeader.ts';
import { checkFitInput } from '#core/fit/checkFitInput.ts';
import type { FitShape } from '#core/fit/fitTypes.ts';
import { withKnownCache } from '#core/fit/withKnownCache.ts';
import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import { type EngineBytes, fitErrors } from '#shared/contract/fit.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { createSharedWork } from '../sharedWork.ts';
import { createSimulatorRunner, type DryRun, type SimulatorLimits, simulatorLimits, wasEnded } from './simulatorRunner.ts';

export interface DryRunAnswer {
  readonly engine: EngineBytes | null;
  /** Why there is none, in words. */
  readonly reason: string | null;
}

/** The engine's dry runs, one at a time and the newest wish first, each made once. */
export interface DryRuns {
  /**
   * What the engine would reserve for a model, or why it cannot be asked. Nothing that makes no sense reaches it.
   * @throws the signal's reason when it is aborted meanwhile
   */
  ask(shape: FitShape, wish: Pick<DryRun, 'backend' | 'placement'>, signal?: AbortSignal): Promise<DryRunAnswer>;
  /** Ends their process; the next wish starts another. */
  endProcess(): Promise<void>;
  dispose(): Promise<void>;
}

/** Answers kept: a slider asks for dozens, each is a few hundred bytes. The engine cannot change while the app runs. */
const keptAnswers = 1000;

interface Waiting {
  readonly dryRun: DryRun;
  readonly signal: AbortSignal;
  readonly answer: PromiseWithResolvers<DryRunAnswer>;
}

export function createDryRuns(options: {
  readonly supervisor: RunnerSupervisor;
  readonly log: Log;
  readonly limits?: Partial<SimulatorLimits>;
}): DryRuns {
  const { log } = options;
  const runner = createSimulatorRunner(options.supervisor, { ...simulatorLimits, ...options.limits });
  const shared = createSharedWork<DryRunAnswer>();
  const kept = new Map<string, DryRunAnswer>();
  let waiting: Waiting[] = [];
  let working: Promise<void> | null = null;
  let isDisposed = false;

  function keep(key: string, answer: DryRunAnswer): void {
    kept.delete(key);
    kept.set(key, answer);
    const [oldest] = kept.keys();
    if (kept.size > keptAnswers && oldest !== undefined) kept.delete(oldest);
  }

  async function perform(dryRun: DryRun): Promise<DryRunAnswer> {
    try {
      const answer = { engine: await runner.run(dryRun), reason: null };
      keep(keyOf(dryRun), answer);
      return answer;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const answer = { engine: null, reason: error.message };
      log.warn('fit.dry-run-failed', { header: dryRun.headerHash, backend: dryRun.backend, code: error.code });
      // A header that the engine refuses it refuses again; a machine that was too busy may not be the next time.
      if (error.code === fitErrors.simulationFailed && !wasEnded(error)) keep(keyOf(dryRun), answer);
      return answer;
    }
  }

  /** Ends when nothing waits. A wish that nobody has any more is skipped, and one that runs to its end is kept all the same. */
  async function work(): Promise<void> {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { dryRun, signal, answer } = next;
      if (signal.aborted) answer.reject(signal.reason as Error);
      else await perform(dryRun).then(answer.resolve, answer.reject);
    }
  }

  async function enqueue(dryRun: DryRun, signal: AbortSignal): Promise<DryRunAnswer> {
    const answer = Promise.withResolvers<DryRunAnswer>();
    waiting.push({ dryRun, signal, answer });
    working ??= work().finally(() => {
      working = null;
    });
    return answer.promise;
  }

  async function answerTo(dryRun: DryRun, signal: AbortSignal | undefined): Promise<DryRunAnswer> {
    const key = keyOf(dryRun);
    const known = kept.get(key);
    if (known === undefined) return await shared.join(key, (ends) => enqueue(dryRun, ends), signal);
    keep(key, known);
    return known;
  }

  return {
    async ask(shape, { backend, placement }, signal) {
      signal?.throwIfAborted();
      if (isDisposed) throw closing();
      const check = checkFitInput(shape, { ...placement, expertsInRamLayers: 0 });
      if (!check.ok) return { engine: null, reason: check.reason };
      const bare = bareHeader(shape);
      if (!bare.ok) return { engine: null, reason: bare.reason };
      const headerHash = createHash('sha256').update(bare.bytes).digest('hex');
      const { engine, reason } = await answerTo({ headerHash, header: bare.bytes, backend, placement }, signal);
      if (engine !== null && !isOfTensors(engine, shape))
        return { engine: null, reason: 'The header and its tensors contradict each other.' };
      return { engine: engine && withKnownCache(engine, shape), reason };
    },
    endProcess: () => runner.end(),
    async dispose() {
      isDisposed = true;
      for (const { answer } of waiting) answer.reject(closing());
      waiting = [];
      shared.dispose();
      await runner.dispose();
      await working;
    },
  };
}

function keyOf({ headerHash, backend, placement }: DryRun): string {
  const { contextTokens, kvType, flashAttention, batchTokens, gpuLayers, sequences } = placement;
  return [headerHash, backend, contextTokens, kvType, flashAttention, batchTokens, gpuLayers, sequences].join(' ');
}

/** A dry run makes tensors of what the header says of their sizes, not of those that are there. A device may hold a copy of some, never of more than all. */
function isOfTensors({ gpu, ram }: EngineBytes, { tensors }: FitShape): boolean {
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
  return gpu.weights + ram.weights <= 2 * bytes + 2 ** 20;
}

function closing(): RpcError {
  return new RpcError(pipeErrors.closed, 'Rightsize is closing.');
}
