import { needsPython } from '#core/bench/codeToRun.ts';
import type { LabelledItem } from '#core/bench/labelledItem.ts';
import { modelLabel } from '#core/bench/runRecords.ts';
import type { SandboxAvailability } from '#main/services/sandbox/pythonSandbox.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';
import type { PreparedRun } from './runPlanning.ts';
import type { LacksTools } from './templateTools.ts';

const shownNames = 3;

/**
 * What of a plan cannot be asked here, as far as that is known without loading a model or opening a sandbox.
 * @param known.sandbox what was last said of it; null = nobody has asked yet
 * @returns items of one model, by reason. What a model would not be asked anyway counts once, as when it runs: for its tools
 */
export async function expectedGaps(
  prepared: PreparedRun,
  { sandbox, lacksTools }: { readonly sandbox: SandboxAvailability | null; readonly lacksTools: LacksTools },
): Promise<Estimate['notRun']> {
  const items = itemsOf(prepared);
  const withTools = items.filter(hasTools);
  const toolless = withTools.length === 0 ? [] : await modelsThat(prepared.models, lacksTools);
  const tools = toolless.length === 0 ? [] : [{ items: withTools.length, ...toolWords(toolless.map(modelLabel)) }];
  if (sandbox === null || sandbox.isAvailable) return tools;
  const asked = toolless.length === prepared.models.length ? items.filter((item) => !hasTools(item)) : items;
  const unsafe = asked.filter((item) => needsPython(item)).length;
  return [...tools, ...(unsafe === 0 ? [] : [{ items: unsafe, reason: sandbox.reason, hint: sandbox.hint }])];
}

/** Of one model, each once however often it is asked. */
function itemsOf({ models, scenarios, itemOf }: PreparedRun): readonly LabelledItem[] {
  const first = models[0]?.modelId;
  const asked = scenarios.filter((scenario) => scenario.modelId === first && scenario.kind === 'answer');
  return [...new Map(asked.map((scenario) => [JSON.stringify([scenario.suite, scenario.itemId]), itemOf(scenario)])).values()];
}

async function modelsThat(models: PreparedRun['models'], isSo: LacksTools): Promise<PreparedRun['models']> {
  const answers = await Promise.all(models.map((model) => isSo(model.modelId)));
  return models.filter((_, index) => answers[index]);
}

export const hasTools = (item: Pick<LabelledItem, 'tools'>): boolean => (item.tools ?? []).length > 0;

function toolWords(names: readonly string[]): Pick<Estimate['notRun'][number], 'reason' | 'hint'> {
  const more = names.length - shownNames;
  const shown = more > 1 ? [...names.slice(0, shownNames), `${more} more models`] : names;
  const who = new Intl.ListFormat('en').format(shown);
  const reason =
    names.length === 1 ? `The chat template of ${who} tells it of no tools.` : `The chat templates of ${who} tell them of no tools.`;
  return { reason, hint: 'Take a model that was trained to call tools.' };
}
