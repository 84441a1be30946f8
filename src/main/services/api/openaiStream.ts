import type { Context } from 'hono';
import { problemOf } from './apiErrors.ts';
import { type EventStream, openEventStream } from './eventStream.ts';
import { openaiError } from './openaiErrors.ts';

/** Streams an answer as OpenAI's completions are streamed: an error after the first piece is the last event, and `[DONE]` ends it. */
export function streamCompletion(context: Context, work: (stream: EventStream) => Promise<void>): Promise<Response> {
  return openEventStream(context, async (stream) => {
    try {
      await work(stream);
    } catch (error) {
      if (!stream.hasBegun) throw error;
      stream.send(openaiError(problemOf(error)));
    }
    stream.sendRaw('[DONE]');
  });
}
