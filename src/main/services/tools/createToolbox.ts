import { calculate } from '#core/tools/calculator.ts';
import type { RecordedCall, ToolCall, ToolFault, ToolSpec } from '#core/tools/tool.ts';
import { toolNames } from '#core/tools/tool.ts';
import { toolCatalogue } from '#core/tools/toolCatalogue.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import { answerFromFixtures } from './answerFromFixtures.ts';
import { runPythonTool } from './pythonTool.ts';
import { type ToolAnswer, toolFailure, toolResult } from './toolAnswer.ts';
import type { Toolbox, ToolboxOffer } from './toolbox.ts';

type Run = (given: ToolCall['arguments'], signal: AbortSignal) => ToolAnswer | Promise<ToolAnswer>;

/**
 * The tools of one conversation. A tool that ships is run; one that an item describes itself is only offered.
 * @param offer what the conversation may use, recorded answers, and tools that fail first
 * @param needs.sandbox runs `execute_python`. @param needs.fetch answers `http_get` in place of recorded answers
 */
export function createToolbox(
  offer: ToolboxOffer,
  {
    sandbox,
    fetch,
  }: { readonly sandbox: PythonSandbox; readonly fetch?: (given: ToolCall['arguments'], signal: AbortSignal) => Promise<ToolAnswer> },
): Toolbox {
  const specs = offer.tools.map((tool) => (typeof tool === 'string' ? shippedSpec(tool) : tool)).filter((spec) => spec !== null);
  const runs: Readonly<Record<string, Run>> = {
    calculator: (given) => {
      const calculation = calculate(given);
      return calculation.ok ? toolResult(String(calculation.value)) : toolFailure(calculation.message);
    },
    execute_python: (given, signal) => runPythonTool(given, { sandbox, signal }),
    http_get: fetch ?? ((given) => answerFromFixtures(given, offer.fixtures)),
  };
  const isShipped = (name: string): boolean => offer.tools.includes(name) && Object.hasOwn(runs, name);
  const faults: ToolFault[] = [...offer.faults];

  async function answer(call: ToolCall, signal: AbortSignal): Promise<ToolAnswer> {
    const run = isShipped(call.name) ? runs[call.name] : undefined;
    if (run === undefined) {
      const names = specs.map((spec) => spec.name).join(', ');
      return toolFailure(`There is no tool named ${JSON.stringify(call.name.slice(0, 80))}. There are: ${names}.`);
    }
    const fault = faults.findIndex(({ tool }) => tool === call.name);
    if (fault >= 0) return toolFailure(faults.splice(fault, 1)[0]?.message ?? 'It failed.');
    return run(call.arguments, signal);
  }

  return {
    specs,
    canRun: isShipped,
    async call(call, { turn, signal }): Promise<RecordedCall> {
      const startedAt = performance.now();
      const { result, error } = await answer(call, signal);
      return { name: call.name, arguments: call.arguments, turn, result, error, tookMs: performance.now() - startedAt };
    },
  };
}

function shippedSpec(name: string): ToolSpec | null {
  const shipped = toolNames.find((known) => known === name);
  return shipped === undefined ? null : toolCatalogue[shipped];
}
