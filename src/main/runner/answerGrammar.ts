import type { LlamaGrammarEvaluationState, Token } from 'node-llama-cpp';
import { callFormOf } from '#core/tools/callForms.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { GenerateRequest, ToolSpec } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { LoadedEngine } from './engine.ts';
import type { AnswerStart, ReasoningMarks, ReasoningSplit } from './reasoningSplit.ts';
import { grammarState, grammarText, prefixedRules, schemaRules } from './schemaGrammar.ts';

/** What holds an answer to its schema, or to a call. */
export interface AnswerGrammar {
  /** What binds the next token; undefined while the model thinks. */
  readonly state: LlamaGrammarEvaluationState | (() => LlamaGrammarEvaluationState | undefined);
  /** Whether that depends on what has been read so far: then no token may be asked for before the last one was read. */
  readonly followsText: boolean;
}

const anyArguments = { type: 'object', additionalProperties: true } as const;
/** After its reasoning a model goes on in a new line. */
const lineFeeds = '"\\n"? "\\n"?';

/** Whether the model must call one of its tools. */
export const mustCall = ({ toolChoice }: GenerateRequest): boolean => toolChoice !== undefined && toolChoice !== 'auto';

/**
 * The grammar of an answer, which binds only what comes after any reasoning.
 * @param options.split tells at any moment whether the model thinks
 * @returns null where the answer is free
 * @throws {RpcError} schema-invalid, bad-input
 */
export async function createAnswerGrammar(
  request: GenerateRequest,
  engine: LoadedEngine,
  asked: { readonly start: AnswerStart; readonly split: ReasoningSplit },
): Promise<AnswerGrammar | null> {
  const answer = await heldAnswer(request, engine, asked);
  const { marks, state } = asked.start;
  const { thinkingTokens } = request;
  if (thinkingTokens === undefined || marks === null || state === 'answer') return answer;
  return await withThinkingLimit(answer, { engine, marks, split: asked.split, thinkingTokens });
}

/** What holds the answer itself, whatever was thought before it. */
async function heldAnswer(
  request: GenerateRequest,
  engine: LoadedEngine,
  { start, split }: { readonly start: AnswerStart; readonly split: ReasoningSplit },
): Promise<AnswerGrammar | null> {
  const isCall = mustCall(request);
  if (request.schema === null && !isCall) return null;
  const template = isCall ? (engine.toolTemplate ?? engine.chatTemplate) : engine.chatTemplate;
  const rules = isCall ? await callRules(request, engine, template) : await schemaRules(request.schema ?? {}, engine);
  const marks = start.marks;
  // gpt-oss says before a call for whom it is: that leaves no room to end its reasoning freely.
  const mayThink = marks !== null && start.state !== 'answer' && request.thinking !== 'off' && !(isCall && marks.answer !== '');
  const isOpen = marks !== null && split.state === 'reasoning';
  if (!mayThink && !isOpen) {
    const isBegun = split.state === 'answer' || start.state === 'answer';
    const state = await grammarState(withRoot(rules, [isBegun || isCall ? '' : (marks?.answer ?? '')]), engine);
    if (request.continues === true) acceptText(state, request.turns.at(-1)?.content ?? '', engine);
    return { state, followsText: false };
  }
  const afterThought = await grammarState(withRoot(rules, [''], lineFeeds), engine);
  if (isOpen) return { state: () => (split.state === 'reasoning' ? undefined : afterThought), followsText: true };
  const { open = '', answer = '' } = marks ?? {};
  const either = await grammarState(withRoot(rules, [isCall ? '' : answer], `${grammarText(open)} [^\\x00]* |`), engine);
  return {
    state: () => (split.state === 'reasoning' ? undefined : split.state === 'answer' && split.seen ? afterThought : either),
    followsText: true,
  };
}

/** Reasoning that has had its tokens is closed by the tokens of its mark, and by no others that would read the same. */
async function withThinkingLimit(
  answer: AnswerGrammar | null,
  thinking: {
    readonly engine: LoadedEngine;
    readonly marks: ReasoningMarks;
    readonly split: ReasoningSplit;
    readonly thinkingTokens: number;
  },
): Promise<AnswerGrammar> {
  const { engine, marks, split, thinkingTokens } = thinking;
  const tokens = engine.model.tokenize(`${marks.gap}${marks.close}`, true);
  const closing = await grammarState(`root ::= ${tokens.map((token) => `<[${token}]>`).join(' ')} [^\\x00]*`, engine);
  const inner = answer?.state;
  return {
    state() {
      if (split.state === 'reasoning' && split.reasoningTokens >= thinkingTokens) return closing;
      return typeof inner === 'function' ? inner() : inner;
    },
    followsText: true,
  };
}

/** The rules behind a mark, if it is one, and behind what else may come first. */
const withRoot = (rules: string, [mark]: readonly [string], before = ''): string =>
  `root ::= ${before} ${mark === '' ? '' : grammarText(mark)} inner-root\n${prefixedRules(rules, 'inner-')}`;

/** The library has no public way to tell a grammar what is there already; a test watches that this one is there. */
interface Accepting {
  readonly _bindings: {
    readonly AddonSampler: { acceptGrammarEvaluationStateToken(state: unknown, token: Token): void };
  };
}

/** Brings a grammar to where an answer that goes on was cut. */
function acceptText(state: LlamaGrammarEvaluationState, text: string, { llama, model }: LoadedEngine): void {
  const { _state: inner } = state as unknown as { readonly _state: unknown };
  const { AddonSampler } = (llama as unknown as Accepting)._bindings;
  try {
    for (const token of model.tokenize(text, false)) AddonSampler.acceptGrammarEvaluationStateToken(inner, token);
  } catch (error) {
    throw cutElsewhere(error);
  }
}

function cutElsewhere(cause: unknown): RpcError {
  return new RpcError(modelErrors.schema, 'What is there of the answer does not follow the JSON Schema, so it cannot go on under it.', {
    hint: 'Go on without the schema, or have the answer made again.',
    cause,
  });
}

/** One call of any of the tools it may choose from, in the form of its family. */
async function callRules(request: GenerateRequest, engine: LoadedEngine, template: string | null): Promise<string> {
  const choice = request.toolChoice;
  const tools = (request.tools ?? []).filter(({ name }) => typeof choice !== 'object' || name === choice.name);
  if (tools.length === 0) {
    const which = typeof choice === 'object' ? `the tool ${choice.name} must be called` : 'a tool must be called';
    throw new RpcError(pipeErrors.badInput, `The request says that ${which}, and offers none.`);
  }
  const form = callFormOf(template);
  const inner = await Promise.all(tools.map((tool) => argumentRules(tool, engine)));
  const calls = tools.map(({ name }, index) =>
    [grammarText(form.before(name)), `tool${index}-root`, ...(form.after === '' ? [] : [grammarText(form.after)])].join(' '),
  );
  return [`root ::= ${calls.join(' | ')}`, ...inner.map((rules, index) => prefixedRules(rules, `tool${index}-`))].join('\n');
}

/** Arguments are an object. What of the schema no grammar can hold is left to whoever runs the call, as it is for free calls. */
async function argumentRules({ parameters }: ToolSpec, engine: LoadedEngine): Promise<string> {
  const { properties, additionalProperties } = parameters;
  const isDescribed = typeof properties === 'object' && properties !== null && Object.keys(properties).length > 0;
  if (!isDescribed) return additionalProperties ? schemaRules(anyArguments, engine) : 'root ::= "{}"';
  return schemaRules({ ...parameters, type: 'object' }, engine).catch(() => schemaRules(anyArguments, engine));
}
