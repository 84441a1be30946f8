import { type AnswerEvent, chatErrors } from '#shared/contract/chat.ts';
import type { ComparedAnswer } from '#shared/contract/comparisons.ts';
import { nextLoadIn } from '#shared/contract/models.ts';
import type { GenerateItem, GenerateRequest } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { ChatModel, OpenedModel } from '../chat/chatModels.ts';

export interface ColumnNeeds {
  readonly model: Pick<ChatModel, 'open' | 'name' | 'artifact'>;
  readonly request: GenerateRequest;
  readonly signal: AbortSignal;
  readonly onLoaded: () => void;
  /** The column with what it has so far; told with each state and each piece of text. */
  readonly onAnswer: (answer: ComparedAnswer) => void;
  readonly onEvent: (event: AnswerEvent) => void;
}

/**
 * Loads one model and lets it answer. Throws nothing: a stop makes the column `stopped`, a failure `failed`, with what was written until then.
 * @param waiting the column before it is asked
 */
export async function answerColumn(waiting: ComparedAnswer, needs: ColumnNeeds): Promise<ComparedAnswer> {
  const { signal, onEvent } = needs;
  let column = waiting;
  let model: OpenedModel | undefined;
  const change = (next: Partial<ComparedAnswer>): void => {
    column = { ...column, ...next };
    needs.onAnswer(column);
  };
  const onItem = (item: GenerateItem): void => {
    if (item.kind === 'prompt') {
      onEvent({ kind: 'prompt', processedTokens: item.processedTokens, totalTokens: item.totalTokens });
      return;
    }
    const { text, reasoning, completionTokens, tokensPerSecond } = item;
    onEvent({ kind: 'delta', text, reasoning, completionTokens, tokensPerSecond });
    change({ text: column.text + text, reasoning: reasoning === '' ? column.reasoning : (column.reasoning ?? '') + reasoning });
  };

  try {
    signal.throwIfAborted();
    change({ state: 'streaming' });
    const sees = hasImages(needs.request);
    // What has no projector is not loaded to be told so.
    if (sees && !maySee(needs.model)) throw unseeing(needs.model);
    model = await needs.model.open({ load: null, sees, signal, onProgress: (progress) => onEvent({ kind: 'loading', progress }) });
    if (sees && !model.seesImages) throw unseeing(needs.model);
    needs.onLoaded();
    const { text, reasoning, finishReason, usage, timings } = await model.generate(needs.request, { signal, onItem });
    const state = finishReason === 'cancelled' ? 'stopped' : 'complete';
    change({ text, reasoning, state, finishReason, usage, timings: { ...timings, loadMs: model.loadMs } });
  } catch (thrown) {
    const error = model?.explained(thrown) ?? thrown;
    if (signal.aborted || (error instanceof RpcError && error.code === pipeErrors.cancelled)) {
      change({ state: 'stopped', finishReason: 'cancelled' });
    } else {
      change({ state: 'failed', finishReason: 'error', error: problemOf(error) });
    }
  } finally {
    model?.release();
  }
  return column;
}

/** Whether a model can be shown pictures, as far as is known before it is loaded; an endpoint's server says no itself. */
export function maySee({ artifact }: Pick<ChatModel, 'artifact'>): boolean {
  return artifact === null || artifact.projectorPath !== null;
}

const hasImages = ({ turns }: GenerateRequest): boolean => turns.some((turn) => (turn.images?.length ?? 0) > 0);

function unseeing({ name }: Pick<ChatModel, 'name'>): RpcError {
  return new RpcError(chatErrors.noVision, `${name} can't be shown pictures, so it was not asked.`, {
    hint: 'The other models were. Ask again without the picture to hear this one too.',
  });
}

function problemOf(error: unknown): ComparedAnswer['error'] {
  const { code, message, hint, data } = toRpcErrorData(error);
  const next = nextLoadIn(data);
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(next === null ? {} : { next }) };
}
