import type { ToolSpec } from '#core/tools/tool.ts';
import { toolCatalogue } from '#core/tools/toolCatalogue.ts';
import type { ChatTools } from '#shared/contract/chat.ts';
import type { PythonSandbox } from '../sandbox/pythonSandbox.ts';
import type { OpenedModel } from './chatModels.ts';

/** What a model is told of, and what it is not although it was asked for, in words. */
export interface OfferedTools {
  readonly specs: readonly ToolSpec[];
  readonly notices: readonly string[];
}

/**
 * The tools of a conversation that its model can be told of and that can be run here. Nothing of it stops an answer.
 * @param model.name as a person reads it
 */
export function offeredTools(
  tools: ChatTools,
  model: Pick<OpenedModel, 'knowsTools'> & { readonly name: string },
  { sandbox }: { readonly sandbox: Pick<PythonSandbox, 'known'> },
): OfferedTools {
  if (!tools.calculator && !tools.python && !tools.fetch) return { specs: [], notices: [] };
  if (!model.knowsTools) {
    return {
      specs: [],
      notices: [`${model.name} was not trained to use tools: its chat template has no place for them. It was asked without.`],
    };
  }
  const specs: ToolSpec[] = [];
  const notices: string[] = [];
  if (tools.calculator) specs.push(toolCatalogue.calculator);
  if (tools.python) {
    const availability = sandbox.known();
    // Before one was looked for it is taken to be there: a call says it where there turns out to be none.
    if (availability === null || availability.isAvailable) specs.push(toolCatalogue.execute_python);
    else notices.push(`Python can't be run here: ${availability.reason} ${availability.hint} It was asked without.`);
  }
  if (tools.fetch) {
    if (tools.fetchHosts.length > 0) specs.push(fetchSpec(tools.fetchHosts));
    else notices.push('No host is allowed to be fetched from yet. It was asked without.');
  }
  return { specs, notices };
}

/** `http_get` for a model that knows which hosts it may ask, and asks no others. */
export function fetchSpec(hosts: readonly string[]): ToolSpec {
  const { description, ...spec } = toolCatalogue.http_get;
  return { ...spec, description: `${description} Only these hosts can be asked: ${hosts.join(', ')}.` };
}
