import { needsPython } from '#core/bench/codeToRun.ts';
import type { SandboxAvailability } from '#main/services/sandbox/pythonSandbox.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';
import type { PreparedRun } from './runPlanning.ts';

/**
 * What of a plan cannot be asked here, as far as that is known without opening anything.
 * @param sandbox what was last said of it; null = nobody has asked yet
 * @returns items of one model, by reason; the same for each model
 */
export function expectedGaps(prepared: PreparedRun, sandbox: SandboxAvailability | null): Estimate['notRun'] {
  if (sandbox === null || sandbox.isAvailable) return [];
  const first = prepared.models[0]?.modelId;
  const items = new Set(
    prepared.scenarios
      .filter((scenario) => scenario.modelId === first && scenario.kind === 'answer' && needsPython(prepared.itemOf(scenario)))
      .map(({ suite, itemId }) => JSON.stringify([suite, itemId])),
  );
  return items.size === 0 ? [] : [{ items: items.size, reason: sandbox.reason, hint: sandbox.hint }];
}
