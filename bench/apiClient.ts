import { Agent, fetch } from 'undici';
import { type ApiHost, tireless } from './apiHost.ts';

/** Keeps no connection for long after its last answer, so that what the host still holds then is its own. */
const dispatcher = new Agent({ keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 });

export interface ApiTimes {
  /** From the request to the first piece of text, and to the end. */
  readonly ttftMs: number;
  readonly totalMs: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly generatedTokens: number;
}

export interface ApiAsking {
  /** The tireless one unless told. */
  readonly model?: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
  readonly tokens: number;
  readonly signal?: AbortSignal;
  readonly onFirst?: () => void;
}

/** One streamed answer of the real server, as a program reads it. @throws what `fetch` throws, and an Error for another status than 200 */
export async function askApi({ apiUrl, apiKey }: Pick<ApiHost, 'apiUrl' | 'apiKey'>, asking: ApiAsking): Promise<ApiTimes> {
  const { model = tireless, messages, tokens, signal, onFirst } = asking;
  const startedAt = performance.now();
  const response = await fetch(`${apiUrl}/chat/completions`, {
    method: 'POST',
    dispatcher,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages,
      max_tokens: tokens,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status !== 200 || response.body === null) throw new Error(`${response.status}: ${await response.text()}`);
  let firstAt: number | null = null;
  let last = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body) {
    const text = decoder.decode(bytes as Uint8Array, { stream: true });
    if (firstAt === null && text.includes('"content":"') && !/^data: \{[^\n]*"content":""[^\n]*\}\s*$/.test(text)) {
      firstAt = performance.now();
      onFirst?.();
    }
    last = (last + text).slice(-4000);
  }
  const endedAt = performance.now();
  const usage = usageIn(last);
  return {
    ttftMs: (firstAt ?? endedAt) - startedAt,
    totalMs: endedAt - startedAt,
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    generatedTokens: usage.completion_tokens,
  };
}

interface ApiUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number };
}

function usageIn(tail: string): ApiUsage {
  const line = tail.split('\n').findLast((one) => one.startsWith('data: {') && one.includes('"usage":{'));
  if (line === undefined) throw new Error(`The answer told no usage: ${tail.slice(-300)}`);
  return (JSON.parse(line.slice(6)) as { readonly usage: ApiUsage }).usage;
}
