import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { modelLabel } from '#core/bench/runRecords.ts';
import { thermalWords } from '#main/services/system/thermalState.ts';
import type { RunRow } from '#main/storage/runTable.ts';
import type { RunPlan } from '#shared/contract/benchmarks.ts';
import type { MachineReadings } from './machineReadings.ts';
import type { PreparedRun } from './runPlanning.ts';

/** A run as it is begun, with what the machine is like then. */
export async function newRun(
  plan: RunPlan,
  prepared: PreparedRun,
  { readings, startedAt }: { readonly readings: Pick<MachineReadings, 'power' | 'heat'>; readonly startedAt: number },
): Promise<RunRow> {
  const [power, heat] = await Promise.all([readings.power(), readings.heat()]);
  return {
    id: newRunId(startedAt),
    name: runName(prepared),
    state: 'running',
    plan: withoutIdleLimit(plan, prepared),
    suites: prepared.suites,
    models: prepared.models,
    cpu: cpus()[0]?.model.trim() ?? null,
    power,
    thermal: thermalWords(heat),
    total: prepared.scenarios.length,
    done: 0,
    startedAt,
    finishedAt: null,
    elapsedMs: 0,
    verdict: null,
    error: null,
  };
}

/**
 * A limit that leaves no item out makes no run that can be extended: it is looked at once, and its verdict spends the whole 5 %.
 * @returns the plan, without such a limit
 */
export function withoutIdleLimit(plan: RunPlan, { suites }: Pick<PreparedRun, 'suites'>): RunPlan {
  const { itemLimit } = plan;
  const leavesOut = suites.some((suite) => suite.kind === 'labelled' && suite.itemCount > (itemLimit ?? suite.itemCount));
  return leavesOut ? plan : { ...plan, itemLimit: null };
}

/** Sorts by time, is short enough to type, and is a folder's name on every system. */
function newRunId(at: number): string {
  const time = new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return `${time}-${randomBytes(3).toString('hex')}`;
}

function runName(prepared: PreparedRun): string {
  const names = (list: readonly string[], many: string): string => (list.length <= 3 ? list.join(', ') : `${list.length} ${many}`);
  const suites = prepared.suites.map((suite) => suite.name);
  return `${names(prepared.models.map(modelLabel), 'models')} · ${names(suites, 'suites')}`;
}
