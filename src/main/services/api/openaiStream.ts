import type { Context } from 'hono';
import { problemOf } from './apiErrors.ts';
import { type EventStream, openEventStream } from './eventStream.ts';
import { openaiError } from './openaiErrors.ts';

/** Clients give up on a server that says nothing for minutes, and a long prompt takes minutes on a small machine. */
const pingMs = 10_000;

/** Streams with pings, so that a client waits for a long prompt; the first of them opens the stream. */
export function openPingedStream(context: Context, work: (stream: EventStream) => Promise<void>): Promise<Response> {
  return openEventStream(context, async (stream) => {
    const pings = setInterval(() => stream.sendPing(), pingMs);
    try {
      await work(stream);
    } finally {
      clearInterval(pings);
    }
  });
}

/** Streams an answer as OpenAI's completions are streamed: an error after the first piece is the last event, and `[DONE]` ends it. */
export function streamCompletion(context: Context, work: (stream: EventStream) => Promise<void>): Promise<Response> {
  return openPingedStream(context, async (stream) => {
    try {
      await work(stream);
    } catch (error) {
      if (!stream.hasBegun) throw error;
      stream.send(openaiError(problemOf(error)));
    }
    stream.sendRaw('[DONE]');
  });
}
