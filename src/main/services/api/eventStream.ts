import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

export interface EventStream {
  /** Whether anything was sent: from then on an error can only be said within the stream. */
  readonly hasBegun: boolean;
  /** Aborts when the client hangs up or stops reading for too long. */
  readonly signal: AbortSignal;
  send(data: object): void;
  sendNamed(event: string, data: object): void;
  sendRaw(data: string): void;
  /** A line of its own, without `data:` (Ollama). */
  sendLine(data: object): void;
  /** A comment, which clients of event streams skip: the connection is not given up for being quiet. */
  sendPing(): void;
}

/** What may wait for a client that reads slowly. Beyond it the client is given up: an answer must not fill the memory. */
const waitingLimitBytes = 8 * 2 ** 20;

/**
 * Answers with a stream that is written while `work` goes on. It opens with the first piece: what fails before that is thrown, and so gets its real status.
 * @param contentType `text/event-stream` unless told
 * @throws what `work` throws before it has sent anything
 */
export function openEventStream(
  context: Context,
  work: (stream: EventStream) => Promise<void>,
  contentType = 'text/event-stream; charset=utf-8',
): Promise<Response> {
  const hangUp = new AbortController();
  const encoder = new TextEncoder();
  const opened = Promise.withResolvers<Response>();
  let sink: ReadableStreamDefaultController<Uint8Array> | undefined;
  let hasBegun = false;
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        sink = controller;
      },
      cancel: () => hangUp.abort(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  function open(): void {
    if (hasBegun) return;
    hasBegun = true;
    const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    opened.resolve(context.body(body, 200, headers));
  }
  function write(text: string): void {
    if (hangUp.signal.aborted) return;
    open();
    if ((sink?.desiredSize ?? 0) < -waitingLimitBytes) return giveUp();
    sink?.enqueue(encoder.encode(text));
  }
  /** Its connection ends, and with it the stream: an error of the stream would be printed where people read addresses. */
  function giveUp(): void {
    hangUp.abort();
    (context.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy();
  }
  const stream: EventStream = {
    get hasBegun() {
      return hasBegun;
    },
    signal: AbortSignal.any([hangUp.signal, context.req.raw.signal]),
    send: (data) => write(`data: ${JSON.stringify(data)}\n\n`),
    sendNamed: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    sendRaw: (data) => write(`data: ${data}\n\n`),
    sendLine: (data) => write(`${JSON.stringify(data)}\n`),
    sendPing: () => write(': ping\n\n'),
  };
  void work(stream)
    .then(() => {
      open();
      if (!hangUp.signal.aborted) sink?.close();
    })
    .catch((error: unknown) => {
      // Where it has begun, the dialect has said all it can.
      if (hasBegun) sink?.error(error);
      else opened.reject(error);
    })
    // The client may have gone: then there is nobody to close the stream for.
    .catch(() => undefined);
  return opened.promise;
}
