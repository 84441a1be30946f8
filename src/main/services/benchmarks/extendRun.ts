import type { RunRow } from '#main/storage/runTable.ts';
import { benchmarkErrors, type RunPlan } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { type PreparedRun, prepareRun } from './runPlanning.ts';
import type { SuiteCatalogue } from './suiteCatalogue.ts';

/**
 * Lays out a finished run with more items of each suite. What it asked already stays the same, so only the new ones are pending.
 * @param more.items of each suite, for all models alike
 * @param more.at when that was asked for; the verdict pays for each further look
 * @throws {RpcError} run-not-active for a run that is not finished, nothing-to-run when every item was asked
 */
export async function extendedRun(
  row: RunRow,
  more: { readonly items: number; readonly at: number },
  catalogue: Pick<SuiteCatalogue, 'itemsOf'>,
): Promise<{ readonly plan: RunPlan; readonly prepared: PreparedRun }> {
  if (row.state !== 'done') {
    throw new RpcError(benchmarkErrors.runNotActive, `The run ${row.id} is ${row.state}; only a finished run can be extended.`, {
      hint: row.state === 'paused' || row.state === 'interrupted' ? 'Resume it first.' : 'Start a new run.',
    });
  }
  const { itemLimit } = row.plan;
  if (itemLimit !== null) {
    const plan = { ...row.plan, itemLimit: itemLimit + more.items, extendedAt: [...(row.plan.extendedAt ?? []), more.at] };
    const prepared = await prepareRun({ ...row, plan }, catalogue);
    if (prepared.scenarios.length > row.total) return { plan, prepared };
  }
  throw new RpcError(benchmarkErrors.nothingToRun, 'Every item of its suites was asked already.', {
    hint: 'More evidence needs more items: add some to a set of your own and start a new run.',
  });
}
