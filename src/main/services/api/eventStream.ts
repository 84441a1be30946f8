import type { Context } from 'hono';

export interface EventStream {
  /** Aborts when the client hangs up or stops reading for too long. */
  readonly signal: AbortSignal;
  send(data: object): void;
  sendNamed(event: string, data: object): void;
  sendRaw(data: string): void;
  /** A line of its own, without `data:` (Ollama). */
  sendLine(data: object): void;
}

/** What may wait for a client that reads slowly. Beyond it the client is given up: an answer must not fill the memory. */
const waitingLimitBytes = 8 * 2 ** 20;

/**
 * Answers with a stream that is written while `work` goes on.
 * @param contentType `text/event-stream` unless told
 */
export function openEventStream(
  context: Context,
  work: (stream: EventStream) => Promise<void>,
  contentType = 'text/event-stream; charset=utf-8',
): Response {
  const hangUp = new AbortController();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const write = (text: string): void => {
          if (hangUp.signal.aborted) return;
          if ((controller.desiredSize ?? 0) < -waitingLimitBytes) return hangUp.abort();
          controller.enqueue(encoder.encode(text));
        };
        const stream: EventStream = {
          signal: AbortSignal.any([hangUp.signal, context.req.raw.signal]),
          send: (data) => write(`data: ${JSON.stringify(data)}\n\n`),
          sendNamed: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
          sendRaw: (data) => write(`data: ${data}\n\n`),
          sendLine: (data) => write(`${JSON.stringify(data)}\n`),
        };
        void work(stream)
          .then(() => {
            if (hangUp.signal.aborted) controller.error(new Error('the client did not read'));
            else controller.close();
          })
          .catch(() => undefined);
      },
      cancel: () => hangUp.abort(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return context.body(body, 200, { 'content-type': contentType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
}
