import {
  type AnswerEvent,
  type AnswerShape,
  type ChatCall,
  type ChatTools,
  chatErrors,
  type Message,
  type Sampling,
} from '#shared/contract/chat.ts';
import { type LoadOptions, modelErrors, nextLoadIn } from '#shared/contract/models.ts';
import type { GenerateRequest } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { PythonSandbox } from '../sandbox/pythonSandbox.ts';
import { answerWithTools, ToolBreakdown, type WorkedAnswer } from '../tools/answerWithTools.ts';
import type { FetchTool } from '../tools/fetchTool.ts';
import { createAnswerWriting } from './answerWriting.ts';
import type { CallDecision } from './callDecisions.ts';
import type { ChatAnswer, ChatModel, OpenedModel } from './chatModels.ts';
import { settledCall } from './chatStore.ts';
import { createChatToolbox } from './chatToolbox.ts';
import { largerLoad } from './largerLoad.ts';
import { offeredTools } from './offeredTools.ts';
import { droppedMessages, type HistoryTurns } from './toTurns.ts';

export interface AnswerNeeds {
  readonly model: ChatModel;
  /** The history as this model can take it. */
  readonly turnsFor: (model: Pick<OpenedModel, 'seesImages' | 'knowsTools'>) => HistoryTurns;
  /** Whether the model is to be shown pictures: `needed` for its question, `wished` for earlier ones, which it may also be told the names of. */
  readonly sight: 'none' | 'wished' | 'needed';
  readonly sampling: Sampling;
  readonly shape: AnswerShape;
  /** Goes on with the words that the message has. */
  readonly isContinued: boolean;
  /** How the model is to be loaded, where that was said. */
  readonly load: LoadOptions | null;
  /** What the conversation allows at this moment. */
  readonly toolSettings: () => ChatTools;
  /** Stores what there is of it. May throw: the last save tells a full disk to whoever asked. */
  readonly keep: (message: Pick<Message, 'id' | 'text' | 'reasoning' | 'calls'>) => void;
  readonly ask: (call: ChatCall, signal: AbortSignal) => Promise<CallDecision>;
  readonly sandbox: PythonSandbox;
  readonly fetchTool: FetchTool;
  readonly log: Log;
  readonly signal: AbortSignal;
  emit(event: AnswerEvent): void;
}

/** Model turns of one answer that may call tools. */
const turnLimit = 10;

/**
 * Loads the model and makes an answer, with its calls. What is written is kept whatever happens: a stop makes the message `stopped`, a failure `failed`
 * with its code and hint.
 * @param message the answer's row, in state `streaming`; with the words it goes on with
 * @returns the message as it is to be stored
 */
export async function answerMessage(message: Message, needs: AnswerNeeds): Promise<Message> {
  const { signal, log } = needs;
  const writing = createAnswerWriting(message, needs);
  let opened: OpenedModel | null = null;
  let loadMs: number | null = null;
  let last: ChatAnswer | null = null;
  let sources: HistoryTurns['sources'] = [];
  let notice: string | undefined;

  let sees = needs.sight !== 'none';
  const open = (load: LoadOptions | null): Promise<OpenedModel> =>
    needs.model.open({ load, sees, signal, onProgress: (progress) => needs.emit({ kind: 'loading', progress }) });
  const hand = async (load: LoadOptions | null): Promise<OpenedModel> => {
    opened ??= await open(load).catch((error: unknown) => {
      // Its projector is gone since it was shown the pictures.
      if (needs.sight !== 'wished' || !sees || !(error instanceof RpcError) || error.code !== chatErrors.noVision) throw error;
      sees = false;
      return open(load);
    });
    loadMs ??= opened.loadMs;
    return opened;
  };
  const letGo = (): void => {
    opened?.release();
    opened = null;
  };
  const explained = (error: unknown): unknown => (opened === null ? error : opened.explained(error));

  let final: Message;
  try {
    const model = await hand(needs.load);
    // A browser takes seconds to start: it does so while the model writes.
    if (needs.shape.tools.python) needs.sandbox.availability().catch(() => undefined);
    const offered = offeredTools(needs.shape.tools, { ...model, name: needs.model.name }, { sandbox: needs.sandbox });
    notice = noticeOf(sees === (needs.sight !== 'none') ? offered.notices : [blinded(needs.model.name), ...offered.notices], {
      model,
      needs,
    });
    const history = needs.turnsFor(model);
    sources = history.sources;
    const hasTools = offered.specs.length > 0;
    const worked = await answerWithTools({
      generate: async (request, asking) => {
        // A free answer that is to be brought into a form afterwards is not shown.
        const isDraft = hasTools && needs.shape.schema !== null && request.schema === null;
        const current = await hand(null);
        writing.begin({ screens: hasTools && request.schema === null && current.writesCalls, isHidden: isDraft });
        const answer = await current.generate(stillContinued(request), { ...asking, onItem: writing.onItem });
        writing.end(answer);
        last = answer;
        return answer;
      },
      request: requestOf(history, needs),
      toolbox: createChatToolbox({
        specs: offered.specs,
        settings: needs.toolSettings,
        sandbox: needs.sandbox,
        fetchTool: needs.fetchTool,
        at: () => writing.text.length,
        onCall: writing.onCall,
        async ask(call, asked) {
          // Nobody knows when a person comes back: the model may be unloaded meanwhile.
          letGo();
          return await needs.ask(call, asked);
        },
      }),
      turnLimit,
      signal,
    });
    final = finished(writing.message(), worked, { before: message, loadMs, last, sources });
  } catch (thrown) {
    const error = explained(thrown instanceof ToolBreakdown ? thrown.cause : thrown);
    const partial = writing.message();
    final = isStop(error, signal) ? { ...partial, state: 'stopped', finishReason: 'cancelled' } : failed(partial, error, log);
  } finally {
    letGo();
  }
  return { ...final, calls: final.calls.map(settledCall), ...(notice === undefined ? {} : { notice }) };
}

function requestOf(history: HistoryTurns, { sampling, shape, isContinued }: AnswerNeeds): GenerateRequest {
  const continues = isContinued && history.turns.at(-1)?.role === 'assistant';
  return {
    turns: [...history.turns],
    sampling,
    schema: shape.schema,
    prefix: 'reuse',
    overflow: shape.overflow,
    ...(shape.thinking === 'default' ? {} : { thinking: shape.thinking }),
    ...(continues ? { continues } : {}),
  };
}

/** Once something was called, the next turn is a new one. */
function stillContinued(request: GenerateRequest): GenerateRequest {
  const { continues, ...asked } = request;
  const last = request.turns.at(-1);
  return continues === true && last?.role === 'assistant' && last.toolCalls === undefined ? request : asked;
}

const blinded = (name: string): string => `${name} can't be shown the earlier pictures now: it was told their names.`;

function noticeOf(
  notices: readonly string[],
  { model, needs }: { readonly model: OpenedModel; readonly needs: AnswerNeeds },
): string | undefined {
  const all = [...notices];
  if (needs.shape.thinking !== 'default' && !model.knowsThinking) {
    all.push(`Thinking can't be switched in ${needs.model.name}: its chat template has no word for it.`);
  }
  return all.length === 0 ? undefined : all.join(' ');
}

function finished(
  message: Message,
  worked: WorkedAnswer,
  made: {
    readonly before: Message;
    readonly loadMs: number | null;
    readonly last: ChatAnswer | null;
    readonly sources: HistoryTurns['sources'];
  },
): Message {
  const { usage, timings, finishReason } = worked.answer;
  const context = made.last?.context ?? null;
  const earlier = made.before.usage?.completionTokens ?? 0;
  return {
    ...message,
    state: finishReason === 'cancelled' || worked.end === 'cancelled' ? 'stopped' : 'complete',
    finishReason: worked.end === 'turn-limit' ? 'limit' : worked.end === 'cancelled' ? 'cancelled' : finishReason,
    error: null,
    usage: usage === null ? null : { ...usage, completionTokens: usage.completionTokens + earlier },
    timings: { ...timings, loadMs: made.loadMs },
    context:
      context === null
        ? null
        : {
            usedTokens: context.usedTokens,
            totalTokens: context.totalTokens,
            droppedMessages: droppedMessages(context.droppedTurns, made.sources),
          },
  };
}

function isStop(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted) return true;
  return error instanceof RpcError && error.code === pipeErrors.cancelled;
}

function failed(message: Message, error: unknown, log: Log): Message {
  const { code, message: text, hint, data } = toRpcErrorData(error);
  if (code === pipeErrors.internal) log.error('chat.answer-failed', { messageId: message.id, error });
  else log.warn('chat.answer-failed', { messageId: message.id, artifactId: message.modelId, reason: code });
  const known: Readonly<Record<string, string>> = {
    [modelErrors.runnerCrashed]: 'What was written is kept. Send again to load the model anew.',
    [modelErrors.outOfMemory]: 'Choose a smaller quant or a shorter context, or close other programs.',
  };
  const advice = hint ?? known[code];
  const next = nextLoadIn(data) ?? (code === modelErrors.contextFull ? largerLoad(data) : null);
  return {
    ...message,
    state: 'failed',
    finishReason: 'error',
    error: { code, message: text, ...(advice === undefined ? {} : { hint: advice }), ...(next === null ? {} : { next }) },
  };
}
