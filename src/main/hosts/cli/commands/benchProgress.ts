import { formatDuration, formatPercent, formatScore } from '#core/units.ts';
import type { Estimate, RunProgress, RunSummary } from '#shared/contract/benchmarks.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';

const barWidth = 24;

/**
 * Shows a run while it lasts, one line a change with `--json`, one line that is redrawn for people. An interrupt pauses the run:
 * the sample that is being made is asked again when it is resumed.
 * @throws {RpcError} cancelled after an interrupt; what stopped the run when it could not go on.
 */
export async function followRun(
  context: CommandContext,
  { runId, notRun }: { readonly runId: string; readonly notRun: Estimate['notRun'] },
): Promise<void> {
  const { output, signal } = context;
  const { benchmarks } = await context.services();
  const first = benchmarks.run(runId);
  output.document({
    runId,
    state: first.state,
    done: first.done,
    total: first.total,
    models: first.plan.modelIds,
    suites: first.plan.suiteIds,
    ...(notRun.length === 0 ? {} : { notRun }),
  });
  output.note(`Run ${runId}: ${first.name}, ${first.total} samples${first.done > 0 ? `, ${first.done} of them done before` : ''}`);

  const finished = new Set<string>();
  const unsubscribe = benchmarks.subscribeProgress(runId, (progress) => {
    output.document(progressLine(progress));
    for (const model of progress.models) noteFinished(model);
    output.status(statusLine(progress));
  });
  function noteFinished(model: RunProgress['models'][number]): void {
    if (finished.has(model.modelId) || (model.state !== 'done' && model.state !== 'failed')) return;
    finished.add(model.modelId);
    const outcome = model.problem === null ? formatScore(model.interval) : `given up: ${model.problem.message}`;
    output.note(`${model.modelId}: ${outcome}, ${formatDuration(model.elapsedMs)}`);
  }
  // Whether it was running or had just ended, waiting below tells how it stands.
  const onAbort = (): void => void benchmarks.pause(runId, { now: true }).catch(() => undefined);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    judge(context, await benchmarks.whenSettled(runId));
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
    output.status('');
  }
}

function judge(context: CommandContext, settled: RunSummary): void {
  if (settled.state === 'done') return;
  const resume = `rightsize bench --resume ${settled.id}`;
  const { id: runId, state, done, total, error } = settled;
  context.output.document({ runId, state, done, total, resume });
  if (error !== null)
    throw new RpcError(error.code, error.message, { hint: `${error.hint ?? 'Nothing that was measured is lost.'} Go on with: ${resume}` });
  throw new RpcError(pipeErrors.cancelled, `Paused after ${done} of ${total} samples; all of them are kept.`, {
    hint: `Go on with: ${resume}`,
  });
}

function progressLine(progress: RunProgress): object {
  const { run, current, remainingMs, residentBytes } = progress;
  const model = progress.models.find((entry) => entry.modelId === current?.modelId);
  return {
    runId: run.id,
    state: run.state,
    done: run.done,
    total: run.total,
    elapsedMs: run.elapsedMs,
    remainingMs,
    model: current?.modelId ?? null,
    suite: current?.suite ?? null,
    temperature: current?.temperature ?? null,
    modelDone: model?.done ?? null,
    modelTotal: model?.total ?? null,
    residentBytes,
  };
}

function statusLine({ run, current, remainingMs }: RunProgress): string {
  const part = run.total === 0 ? 1 : run.done / run.total;
  const filled = Math.round(part * barWidth);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  const where = current === null ? '' : ` · ${current.modelId} · ${current.suite}`;
  return `${bar} ${formatPercent(part)} ${run.done}/${run.total}${where} · ${remainingMs === null ? 'measuring' : `${formatDuration(remainingMs)} left`}`;
}
