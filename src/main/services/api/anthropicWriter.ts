import { randomUUID } from 'node:crypto';
import { isTruncated } from '#core/bench/itemOutcomes.ts';
import type { GenerateResult, ToolCall } from '#shared/contract/runner.ts';

/** What a message says of itself from its beginning. */
export interface MessageHead {
  readonly id: string;
  readonly model: string;
}

type Kind = 'text' | 'thinking';

/** Tells an answer as the events of Anthropic's stream: blocks one after the other, each started, grown and stopped. */
export class AnthropicWriter {
  readonly #head: MessageHead;
  readonly #emit: (type: string, data: object) => void;
  #hasBegun = false;
  #open: Kind | null = null;
  #index = -1;

  constructor(head: MessageHead, emit: (type: string, data: object) => void) {
    this.#head = head;
    this.#emit = emit;
  }

  /** Says that all is well. Nothing may come before the beginning of the message, not even this. */
  ping(): void {
    this.#begin();
    this.#emit('ping', {});
  }

  write(kind: Kind, piece: string): void {
    this.#begin();
    if (this.#open !== kind) {
      this.#close();
      this.#start(kind === 'text' ? { type: 'text', text: '', citations: null } : { type: 'thinking', thinking: '', signature: '' });
      this.#open = kind;
    }
    this.#grow(kind === 'text' ? { type: 'text_delta', text: piece } : { type: 'thinking_delta', thinking: piece });
  }

  finish(result: GenerateResult, calls: readonly ToolUse[]): void {
    this.#begin();
    this.#close();
    for (const { input, ...use } of calls) {
      this.#start({ ...use, input: {} });
      this.#grow({ type: 'input_json_delta', partial_json: JSON.stringify(input) });
      this.#emit('content_block_stop', { index: this.#index });
    }
    this.#emit('message_delta', { delta: { ...stopOf(result, calls), container: null }, usage: usageOf(result) });
    this.#emit('message_stop', {});
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    // The tokens are counted when the prompt has been read; the last event but one says them.
    const message = {
      ...baseOf(this.#head),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    };
    this.#emit('message_start', { message });
  }

  #start(block: object): void {
    this.#index += 1;
    this.#emit('content_block_start', { index: this.#index, content_block: block });
  }

  #grow(delta: object): void {
    this.#emit('content_block_delta', { index: this.#index, delta });
  }

  #close(): void {
    if (this.#open !== null) this.#emit('content_block_stop', { index: this.#index });
    this.#open = null;
  }
}

/** A message as a whole. */
export function messageOf(head: MessageHead, result: GenerateResult, calls: readonly ToolUse[]): object {
  return { ...baseOf(head), content: contentOf(result, calls), ...stopOf(result, calls), usage: usageOf(result) };
}

/** What was said, as the blocks of a message. */
export function contentOf(result: GenerateResult, calls: readonly ToolUse[]) {
  return [
    ...(result.reasoning === null || result.reasoning === '' ? [] : [{ type: 'thinking', thinking: result.reasoning, signature: '' }]),
    ...(result.text === '' ? [] : [{ type: 'text', text: result.text, citations: null }]),
    ...calls,
  ];
}

/** A call as a block: what answers it names its id. */
export type ToolUse = {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: ToolCall['arguments'];
};

/** What was called, or the first of it where the client takes no more than one call a turn. */
export const callsOf = ({ toolCalls = [] }: GenerateResult, isAlone: boolean): readonly ToolUse[] =>
  (isAlone ? toolCalls.slice(0, 1) : toolCalls).map(toolUseOf);

const baseOf = ({ id, model }: MessageHead): object => ({ id, type: 'message', role: 'assistant', model });

const toolUseOf = (call: ToolCall): ToolUse => ({
  type: 'tool_use',
  id: `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
  name: call.name,
  input: call.arguments,
});

function stopOf(result: GenerateResult, calls: readonly ToolUse[]): object {
  return { stop_reason: stopReasonOf(result, calls), stop_sequence: result.stopSequence ?? null };
}

function stopReasonOf(result: GenerateResult, calls: readonly ToolUse[]): string {
  if (calls.length > 0) return 'tool_use';
  if (result.finishReason === 'stop-sequence' && result.stopSequence != null) return 'stop_sequence';
  if (result.finishReason === 'context-full') return 'model_context_window_exceeded';
  return isTruncated(result) ? 'max_tokens' : 'end_turn';
}

const usageOf = ({ usage, reasoningTokens }: GenerateResult): object => ({
  input_tokens: usage.promptTokens - usage.cachedTokens,
  cache_read_input_tokens: usage.cachedTokens,
  cache_creation_input_tokens: 0,
  output_tokens: usage.completionTokens,
  ...(reasoningTokens === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
});
