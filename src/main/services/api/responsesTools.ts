import * as z from 'zod';
import type { ToolCall } from '#shared/contract/runner.ts';
import { ApiError } from './apiErrors.ts';
import { type OfferedTool, type ToolWish, toolLimit, toolName, toolParameters } from './openaiTools.ts';

const FunctionTool = z.object({
  type: z.literal('function'),
  name: toolName,
  description: z.string().nullish(),
  parameters: toolParameters,
  strict: z.boolean().nullish(),
});
const CustomTool = z.object({
  type: z.literal('custom'),
  name: toolName,
  description: z.string().nullish(),
  format: z.looseObject({ type: z.string().max(100), definition: z.string().max(1_000_000).optional() }).nullish(),
});
const otherType = /^(?!(?:function|custom|namespace)$)./;
const OwnTool = z.discriminatedUnion('type', [FunctionTool, CustomTool]);

/** A tool as a request offers it: a function, one that takes plain text (`custom`), several under one name, or one that a hosted service runs. */
export const ResponseTool = z.union([
  z.discriminatedUnion('type', [
    FunctionTool,
    CustomTool,
    z.object({
      type: z.literal('namespace'),
      name: toolName,
      description: z.string().nullish(),
      tools: z.array(OwnTool).max(toolLimit),
    }),
  ]),
  z.looseObject({ type: z.string().max(100).regex(otherType) }).transform(({ type }) => ({ type: 'hosted' as const, called: type })),
]);
export type ResponseTool = z.infer<typeof ResponseTool>;

const named = z.object({ name: z.string().min(1).max(200) });
export const ResponseToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  named.extend({ type: z.enum(['function', 'custom']), namespace: z.string().max(200).nullish() }),
  z.object({ type: z.literal('allowed_tools'), mode: z.enum(['auto', 'required']), tools: z.array(named).min(1).max(toolLimit) }),
]);

/** A tool as it is called in a request, and whether it takes plain text. */
export interface ToolForm {
  readonly isCustom: boolean;
  readonly name: string;
  readonly namespace: string | null;
}

/** What a request offers: as a model is told of it, and how a call of each is written, by the name that the model knows. */
export interface ResponseTools {
  readonly offered: readonly OfferedTool[];
  readonly forms: ReadonlyMap<string, ToolForm>;
  /** What of the request's tools that is, as it was sent. */
  readonly sent: readonly ResponseTool[];
}

/**
 * Reads the tools. Those that a hosted service runs are left out beside others, which coding agents always send with them; alone they are refused.
 * @throws {ApiError} 400
 */
export function readResponseTools(tools: readonly ResponseTool[]): ResponseTools {
  const sent = tools.filter(({ type }) => type !== 'hosted');
  const [hosted] = tools.flatMap((tool, at) => (tool.type === 'hosted' ? [{ ...tool, at }] : []));
  if (sent.length === 0 && hosted !== undefined) {
    const field = `tools.${hosted.at}.type`;
    const message = `${field}: Tools of the type '${hosted.called}' are run by a hosted service. Offer functions.`;
    throw new ApiError({ status: 400, code: 'unsupported_parameter', message, field });
  }
  const forms = new Map<string, ToolForm>();
  const offered = sent.flatMap((tool) => {
    if (tool.type === 'hosted') return [];
    const own = tool.type === 'namespace' ? tool.tools : [tool];
    return own.map((one): OfferedTool => {
      const namespace = tool.type === 'namespace' ? tool.name : null;
      const name = knownName(one.name, namespace);
      forms.set(name, { isCustom: one.type === 'custom', name: one.name, namespace });
      return one.type === 'custom' ? offeredAsFunction(one, name) : { ...one, name };
    });
  });
  if (offered.length > toolLimit) {
    throw new ApiError({ status: 422, code: 'invalid_value', message: `tools: There may be ${toolLimit} of them.`, field: 'tools' });
  }
  return { offered, forms, sent };
}

/** Which tools may be called, must be, or a certain one must. */
export function responseToolWish(choice: z.infer<typeof ResponseToolChoice> | null | undefined, { forms }: ResponseTools): ToolWish {
  /** A choice may leave out where a tool belongs. */
  const known = (name: string, namespace: string | null): string =>
    forms.has(knownName(name, namespace))
      ? knownName(name, namespace)
      : ([...forms].find(([, form]) => namespace === null && form.name === name)?.[0] ?? name);
  if (choice == null) return { mode: 'auto', allowed: null };
  if (typeof choice === 'string') return { mode: choice, allowed: null };
  if (choice.type !== 'allowed_tools') return { mode: { name: known(choice.name, choice.namespace ?? null) }, allowed: null };
  return { mode: choice.mode, allowed: choice.tools.map(({ name }) => known(name, null)) };
}

/** A tool's name as the model knows it: names within a namespace are its own alone. */
export const knownName = (name: string, namespace: string | null | undefined): string =>
  namespace == null ? name : `${namespace}${namespace.endsWith('__') ? '' : '__'}${name}`;

/** The text that a tool without parameters was called with. */
export const customInputOf = ({ arguments: given }: ToolCall): string =>
  typeof given.input === 'string' ? given.input : JSON.stringify(given);

/** Models call functions: text that is no JSON is one argument of theirs. What it is to look like no grammar holds here, so the model is told. */
function offeredAsFunction({ description, format }: z.infer<typeof CustomTool>, name: string): OfferedTool {
  const form = format?.definition === undefined ? '' : `\n\nThe input has this form:\n${format.definition}`;
  return {
    name,
    description: `${description ?? ''}${form}`,
    parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'], additionalProperties: false },
  };
}
