import type { MessageTable } from '#main/storage/messageTable.ts';
import type { AnswerEvent, Message, Sampling } from '#shared/contract/chat.ts';
import { type LoadOptions, modelErrors, nextLoadIn } from '#shared/contract/models.ts';
import type { ChatTurn, GenerateItem, GenerateResult } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { LoadedRunner, ModelService } from '../models/modelService.ts';
import { noteAnswer } from '../models/noteAnswer.ts';

export interface AnswerNeeds {
  readonly turns: readonly ChatTurn[];
  readonly sampling: Sampling;
  /** How the model is to be loaded, where that was said. */
  readonly load: LoadOptions | null;
  readonly models: Pick<ModelService, 'acquire'>;
  readonly messages: MessageTable;
  readonly log: Log;
  readonly signal: AbortSignal;
  emit(event: AnswerEvent): void;
}

/** A crash of the app loses at most this much of an answer. */
const persistEveryMs = 500;

/**
 * Loads the model and makes an answer. What is written is kept whatever happens: a stop makes the message `stopped`, a failure `failed`
 * with its code and hint.
 * @param message the answer's row, in state `streaming`
 * @returns the message as it was stored at the end
 * @throws only what storing throws, such as disk-full
 */
export async function answerMessage(message: Message, needs: AnswerNeeds): Promise<Message> {
  const { messages, signal } = needs;
  let text = '';
  let reasoning = '';
  let persistedAt = performance.now();
  let runner: LoadedRunner | undefined;

  const onItem = (item: GenerateItem): void => {
    if (item.kind === 'prompt') {
      needs.emit({ kind: 'prompt', processedTokens: item.processedTokens, totalTokens: item.totalTokens });
      return;
    }
    text += item.text;
    reasoning += item.reasoning;
    const { completionTokens, tokensPerSecond } = item;
    needs.emit({ kind: 'delta', text: item.text, reasoning: item.reasoning, completionTokens, tokensPerSecond });
    if (performance.now() - persistedAt < persistEveryMs) return;
    persistedAt = performance.now();
    keepText();
  };
  // Called from the pipe, where nothing may be thrown. The last save tells a full disk to whoever asked.
  const keepText = (): void => {
    try {
      messages.saveText({ id: message.id, text, reasoning: reasoning || null });
    } catch (error) {
      needs.log.warn('chat.text-not-kept', { messageId: message.id, error });
    }
  };

  let final: Message;
  try {
    runner = await needs.models.acquire(message.modelId ?? '', {
      ...needs.load,
      signal,
      onProgress: (progress) => needs.emit({ kind: 'loading', progress }),
    });
    const result = await runner.generation.generate(
      { turns: [...needs.turns], sampling: needs.sampling, prefix: 'reuse', overflow: 'drop-oldest' },
      { signal, onItem },
    );
    final = finished(message, result, runner);
    noteAnswer(runner, result);
  } catch (thrown) {
    const error = runner === undefined ? thrown : runner.explained(thrown);
    const partial = { ...message, text, reasoning: reasoning || null };
    final = isStop(error, signal) ? { ...partial, state: 'stopped', finishReason: 'cancelled' } : failed(partial, error, needs.log);
  } finally {
    runner?.release();
  }
  messages.save(final);
  return final;
}

function finished(message: Message, result: GenerateResult, runner: LoadedRunner): Message {
  return {
    ...message,
    text: result.text,
    reasoning: result.reasoning,
    state: result.finishReason === 'cancelled' ? 'stopped' : 'complete',
    finishReason: result.finishReason,
    usage: result.usage,
    timings: { ...result.timings, loadMs: runner.isFresh ? runner.load.loadMs : null },
    context: { usedTokens: result.contextUsedTokens, totalTokens: result.contextTokens, droppedMessages: result.droppedTurns },
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
  const next = nextLoadIn(data);
  return {
    ...message,
    state: 'failed',
    finishReason: 'error',
    error: { code, message: text, ...(advice === undefined ? {} : { hint: advice }), ...(next === null ? {} : { next }) },
  };
}
