import type { GenerateResult, TokenLogprob, ToolCall } from '#shared/contract/runner.ts';
import type { ApiPiece } from './apiAnswer.ts';
import type { ApiProblem } from './apiErrors.ts';
import { callsOf, endOf, likelihoodsOf, openaiId, reasoningTokensOf } from './openaiAnswer.ts';
import type { ResponseRequest } from './responsesRequest.ts';
import { customInputOf, type ResponseTools, readResponseTools } from './responsesTools.ts';

/** What a response says of itself from its beginning. */
export interface ResponseHead {
  readonly id: string;
  readonly createdAt: number;
  /** What was answered with, where the request left it open. */
  readonly temperature: number;
  readonly topP: number | null;
}

/** A finished response as it is sent, and the calls in it by the ids they were given. */
export interface WrittenResponse {
  readonly response: { readonly id: string; readonly output: readonly OutputItem[]; readonly [field: string]: unknown };
  readonly calls: ReadonlyMap<string, ToolCall>;
}

interface OutputItem {
  readonly id: string;
  readonly [field: string]: unknown;
}
type Emit = (type: string, data: object) => void;
type Kind = 'reasoning' | 'message';
interface OpenItem {
  readonly kind: Kind;
  readonly id: string;
  text: string;
  readonly likelihoods: object[];
}

/**
 * Puts an answer together as a response, and tells each step as an event in the order that OpenAI's clients insist on: an item is added, its part is
 * added, grows and is done, the item is done; the whole response comes first and last. A response that is not streamed is made by the same steps.
 * @param emit is given each event with its number; its own `type` is in it
 */
export class ResponseWriter {
  readonly #request: ResponseRequest;
  readonly #head: ResponseHead;
  readonly #emit: Emit;
  readonly #tools: ResponseTools;
  readonly #output: OutputItem[] = [];
  #open: OpenItem | null = null;
  #sequence = 0;

  constructor(request: ResponseRequest, head: ResponseHead, emit: Emit) {
    this.#request = request;
    this.#tools = readResponseTools(request.tools ?? []);
    this.#head = head;
    this.#emit = emit;
  }

  /** Nothing may be written before it. */
  begin(): void {
    const response = this.#response({ status: 'in_progress' });
    this.#tell('response.created', { response });
    this.#tell('response.in_progress', { response });
  }

  write({ text, reasoning, logprobs }: ApiPiece): void {
    if (reasoning !== '') this.#grow('reasoning', reasoning, undefined);
    if (text !== '' || logprobs !== undefined) this.#grow('message', text, logprobs);
  }

  finish(result: GenerateResult): WrittenResponse {
    const isCut = endOf(result) === 'length';
    this.#close(isCut ? 'incomplete' : 'completed');
    const calls = new Map(callsOf(result, this.#request.parallel_tool_calls).map((call) => [openaiId('call'), call]));
    for (const [callId, call] of calls) this.#call(callId, call);
    const response = this.#response({
      status: isCut ? 'incomplete' : 'completed',
      incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
      usage: usageOf(result),
      dropped_messages: result.droppedTurns,
    });
    this.#tell(isCut ? 'response.incomplete' : 'response.completed', { response });
    return { response, calls };
  }

  /** What was written so far is kept in the response. */
  fail({ message }: ApiProblem): void {
    this.#close('incomplete');
    this.#tell('response.failed', { response: this.#response({ status: 'failed', error: { code: 'server_error', message } }) });
  }

  #tell(type: string, data: object): void {
    this.#emit(type, { type, sequence_number: this.#sequence, ...data });
    this.#sequence += 1;
  }

  #grow(kind: Kind, text: string, logprobs: readonly TokenLogprob[] | undefined): void {
    if (this.#open?.kind !== kind) {
      this.#close('completed');
      this.#begin(kind);
    }
    const open = this.#open as OpenItem | null;
    if (open === null) return;
    open.text += text;
    const likelihoods = likelihoodsOf(logprobs ?? []);
    open.likelihoods.push(...likelihoods);
    const place = this.#placeOf(open);
    if (kind === 'reasoning') this.#tell('response.reasoning_text.delta', { ...place, delta: text });
    else this.#tell('response.output_text.delta', { ...place, delta: text, logprobs: likelihoods });
  }

  #begin(kind: Kind): void {
    const open: OpenItem = { kind, id: openaiId(kind === 'message' ? 'msg' : 'rs'), text: '', likelihoods: [] };
    this.#open = open;
    this.#tell('response.output_item.added', {
      output_index: this.#output.length,
      item: itemOf(open, { status: 'in_progress', content: [] }),
    });
    this.#tell('response.content_part.added', { ...this.#placeOf(open), part: partOf(open) });
  }

  #close(status: 'completed' | 'incomplete'): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const place = this.#placeOf(open);
    const part = partOf(open);
    if (open.kind === 'reasoning') this.#tell('response.reasoning_text.done', { ...place, text: open.text });
    else this.#tell('response.output_text.done', { ...place, text: open.text, logprobs: open.likelihoods });
    this.#tell('response.content_part.done', { ...place, part });
    this.#done(itemOf(open, { status, content: [part] }));
  }

  #call(callId: string, call: ToolCall): void {
    const form = this.#tools.forms.get(call.name) ?? { isCustom: false, name: call.name, namespace: null };
    const named = { call_id: callId, name: form.name, ...(form.namespace === null ? {} : { namespace: form.namespace }) };
    return form.isCustom ? this.#callCustom(named, customInputOf(call)) : this.#callFunction(named, JSON.stringify(call.arguments));
  }

  #callFunction(named: { readonly name: string }, given: string): void {
    const item = { type: 'function_call', id: openaiId('fc'), ...named };
    const place = this.#begun(item, { arguments: '', status: 'in_progress' });
    this.#tell('response.function_call_arguments.delta', { ...place, delta: given });
    this.#tell('response.function_call_arguments.done', { ...place, name: named.name, arguments: given });
    this.#done({ ...item, arguments: given, status: 'completed' });
  }

  #callCustom(named: object, input: string): void {
    const item = { type: 'custom_tool_call', id: openaiId('ctc'), ...named };
    const place = this.#begun(item, { input: '' });
    this.#tell('response.custom_tool_call_input.delta', { ...place, delta: input });
    this.#tell('response.custom_tool_call_input.done', { ...place, input });
    this.#done({ ...item, input });
  }

  #begun(item: OutputItem, state: object): object {
    const place = { item_id: item.id, output_index: this.#output.length };
    this.#tell('response.output_item.added', { output_index: place.output_index, item: { ...item, ...state } });
    return place;
  }

  #done(item: OutputItem): void {
    this.#tell('response.output_item.done', { output_index: this.#output.length, item });
    this.#output.push(item);
  }

  #placeOf({ id }: OpenItem): object {
    return { item_id: id, output_index: this.#output.length, content_index: 0 };
  }

  #response(state: { readonly status: string; readonly [field: string]: unknown }): WrittenResponse['response'] {
    const request = this.#request;
    return {
      id: this.#head.id,
      object: 'response',
      created_at: this.#head.createdAt,
      error: null,
      incomplete_details: null,
      ...state,
      background: false,
      instructions: request.instructions ?? null,
      max_output_tokens: request.max_output_tokens ?? null,
      metadata: request.metadata ?? {},
      model: request.model,
      output: [...this.#output],
      parallel_tool_calls: request.parallel_tool_calls ?? true,
      previous_response_id: request.previous_response_id ?? null,
      reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
      store: request.store ?? true,
      temperature: this.#head.temperature,
      text: { format: request.text?.format ?? { type: 'text' } },
      tool_choice: request.tool_choice ?? 'auto',
      tools: this.#tools.sent,
      top_logprobs: request.top_logprobs ?? 0,
      top_p: this.#head.topP,
      truncation: request.truncation ?? 'disabled',
    };
  }
}

function itemOf({ kind, id }: OpenItem, { status, content }: { readonly status: string; readonly content: readonly object[] }): OutputItem {
  return kind === 'message'
    ? { type: 'message', id, status, role: 'assistant', content }
    : { type: 'reasoning', id, status, summary: [], content };
}

const partOf = ({ kind, text, likelihoods }: OpenItem): object =>
  kind === 'message' ? { type: 'output_text', text, annotations: [], logprobs: likelihoods } : { type: 'reasoning_text', text };

const usageOf = ({ usage, ...thought }: GenerateResult): object => ({
  input_tokens: usage.promptTokens,
  input_tokens_details: { cached_tokens: usage.cachedTokens },
  output_tokens: usage.completionTokens,
  output_tokens_details: reasoningTokensOf(thought),
  total_tokens: usage.promptTokens + usage.completionTokens,
});
