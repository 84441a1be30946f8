import type { ChatTurn, GenerateRequest } from '#shared/contract/runner.ts';

/** What a server was seen to refuse; everybody else is spoken to in the common way. */
export interface Dialect {
  readonly maxTokens: 'max_tokens' | 'max_completion_tokens';
  /** Whether it may be asked to count tokens in a stream. */
  readonly streamOptions: boolean;
}

export const commonDialect: Dialect = { maxTokens: 'max_tokens', streamOptions: true };

/**
 * The body of a chat completion. Only what OpenAI's own API knows is sent: `top_k`, `min_p` and a repeat penalty are the server's own affair, since
 * servers that do not know them refuse the whole request. An answer that is gone on with is the last message, as there is no common word for it; how
 * likely each token was is not asked for, because nothing of it would be read.
 */
export function chatBody(model: string, request: GenerateRequest, dialect: Dialect): Record<string, unknown> {
  const { sampling, tools = [], schema, thinking, toolChoice } = request;
  return {
    model,
    messages: messagesOf(request.turns),
    stream: true,
    ...(dialect.streamOptions ? { stream_options: { include_usage: true } } : {}),
    temperature: sampling.temperature,
    ...(sampling.topP === null ? {} : { top_p: sampling.topP }),
    ...(sampling.presencePenalty == null ? {} : { presence_penalty: sampling.presencePenalty }),
    ...(sampling.frequencyPenalty == null ? {} : { frequency_penalty: sampling.frequencyPenalty }),
    ...(sampling.seed === null ? {} : { seed: sampling.seed }),
    ...(sampling.maxTokens === null ? {} : { [dialect.maxTokens]: sampling.maxTokens }),
    ...(sampling.stop.length === 0 ? {} : { stop: sampling.stop }),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: 'function', function: tool })) }),
    ...(tools.length === 0 || toolChoice === undefined ? {} : { tool_choice: choiceOf(toolChoice) }),
    ...(schema === null ? {} : { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } }),
    // As vLLM, SGLang and llama-server take it; there is no common name for it.
    ...(thinking === undefined || thinking === 'default' ? {} : { chat_template_kwargs: { enable_thinking: thinking === 'on' } }),
  };
}

const choiceOf = (choice: NonNullable<GenerateRequest['toolChoice']>): string | object =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };

/** Calls get ids by their place: the turns of tools answer the calls before them in order. */
function messagesOf(turns: readonly ChatTurn[]): readonly object[] {
  let calls = 0;
  let answered = 0;
  return turns.map((turn) => {
    if (turn.role === 'tool') return { role: 'tool', tool_call_id: `call_${answered++}`, content: turn.content };
    if (turn.toolCalls === undefined || turn.toolCalls.length === 0) return { role: turn.role, content: contentOf(turn) };
    answered = calls;
    return {
      role: turn.role,
      content: turn.content === '' ? null : turn.content,
      tool_calls: turn.toolCalls.map((call) => ({
        id: `call_${calls++}`,
        type: 'function',
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      })),
    };
  });
}

/** Images stand before the words, as data in the address: nothing has to be fetched to see them. */
function contentOf({ content, images = [] }: ChatTurn): string | readonly object[] {
  if (images.length === 0) return content;
  return [
    ...images.map(({ mediaType, data }) => ({ type: 'image_url', image_url: { url: `data:${mediaType};base64,${data}` } })),
    ...(content === '' ? [] : [{ type: 'text', text: content }]),
  ];
}

/**
 * Another way to say the same, after a server has refused the first: newer models want `max_completion_tokens`, older servers know no
 * `stream_options`. What would change the answer (temperature, seed) is never left out.
 * @param said the server's own words
 * @returns null when there is none
 */
export function otherDialect(dialect: Dialect, said: string): Dialect | null {
  if (dialect.maxTokens === 'max_tokens' && said.includes('max_completion_tokens'))
    return { ...dialect, maxTokens: 'max_completion_tokens' };
  if (dialect.streamOptions && said.includes('stream_options')) return { ...dialect, streamOptions: false };
  return null;
}
