import * as z from 'zod';
import { isJsonObject, readJson } from '#core/bench/jsonValue.ts';
import type { ToolCall, ToolSpec } from '#shared/contract/runner.ts';
import type { ApiQuestion } from './apiAnswer.ts';
import { ApiError } from './apiErrors.ts';

export const toolName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\w.:/-]+$/, 'A name has letters, digits and _ - . : / alone.');
export const toolParameters = z.record(z.string(), z.json()).nullish();
/** OpenAI takes 128; an agent with the tools of many servers brings more to the others. */
export const toolLimit = 512;
/** Hosted services have tools of their own; here there are the caller's alone. */
export const functionType = z
  .string()
  .max(100)
  .refine((type) => type === 'function', { error: 'Only functions can be offered as tools.', params: { notDone: true } });

/** Whether tools may be called, must be, or a certain one must; and which are offered, null = all. */
export interface ToolWish {
  readonly mode: 'none' | 'auto' | 'required' | { readonly name: string };
  readonly allowed: readonly string[] | null;
}

/** A tool as either dialect describes it. */
export interface OfferedTool {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: z.infer<typeof toolParameters>;
}

/**
 * What a question says of tools.
 * @throws {ApiError} 400 where a call is demanded of a tool that is not offered
 */
export function toolsOf(offered: readonly OfferedTool[], wish: ToolWish): Pick<ApiQuestion, 'tools' | 'toolChoice'> {
  const { mode, allowed } = wish;
  const isNamed = typeof mode === 'object';
  const demanded = [...(allowed ?? []), ...(isNamed ? [mode.name] : [])];
  const unknown = demanded.find((name) => !offered.some((tool) => tool.name === name));
  if (unknown !== undefined) throw wrongChoice(`The tool '${unknown}' is not among the tools.`);
  if (mode === 'none') return { tools: [] };
  const tools = offered.filter(({ name }) => allowed === null || allowed.includes(name)).map(toToolSpec);
  if (mode === 'auto') return { tools };
  if (tools.length === 0) throw wrongChoice('A call is demanded, and no tool is offered.');
  return { tools, toolChoice: isNamed ? { name: mode.name } : 'required' };
}

/**
 * Arguments of a call, as a client sends them back: a text with a JSON object in it.
 * @throws {ApiError} 400
 */
export function argumentsOf(text: string, field: string): ToolCall['arguments'] {
  const reading = readJson(text.trim() === '' ? '{}' : text);
  // The same values; only the contract's type does not say that they are not written to.
  if (reading.ok && isJsonObject(reading.value)) return reading.value as ToolCall['arguments'];
  throw new ApiError({ status: 400, code: 'invalid_tool_arguments', message: 'The arguments of a tool call are no JSON object.', field });
}

const toToolSpec = ({ name, description, parameters }: OfferedTool): ToolSpec => ({
  name,
  description: description ?? '',
  parameters: parameters ?? { type: 'object', properties: {} },
});

const wrongChoice = (message: string): ApiError => new ApiError({ status: 400, code: 'invalid_value', message, field: 'tool_choice' });
