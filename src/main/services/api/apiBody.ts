import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { currentCall } from './apiCall.ts';
import { ApiError } from './apiErrors.ts';
import type { ApiLimits } from './apiListener.ts';
import { createBodyBudget, type TakenBody } from './bodyBudget.ts';

/** Large bodies are there as long as their answers take, which nobody knows. */
const busySeconds = 5;

/**
 * What a body may be: JSON, as it is, of limited size, alone and together with those of others that are being answered. It is asked for
 * (`Expect: 100-continue`) only after that, and kept with the log where the user wants that.
 */
export function bodyGuard({
  bodyBytes: limitBytes,
  bodiesBytes,
}: Pick<ApiLimits, 'bodyBytes' | 'bodiesBytes'>): readonly MiddlewareHandler[] {
  const budget = createBodyBudget(bodiesBytes);
  const taken = new WeakMap<Context, TakenBody>();
  const tooLarge = (): never => {
    throw new ApiError({ status: 413, code: 'body_too_large', message: `A request may have ${limitBytes / 2 ** 20} MiB.` });
  };
  return [
    async (context, next) => {
      if (!takesBody(context)) return await next();
      requireJson(context);
      if (Number(context.req.header('content-length') ?? 0) > limitBytes) tooLarge();
      const { outgoing } = (context.env ?? {}) as { readonly outgoing?: ServerResponse<IncomingMessage> };
      const body = budget.take(saidBytes(context) ?? 0);
      if (body === null) throw noRoom();
      taken.set(context, body);
      if (outgoing === undefined || outgoing.closed) body.free();
      else outgoing.once('close', body.free);
      if (/^100-continue$/i.test(context.req.header('expect') ?? '')) outgoing?.writeContinue();
      await next();
    },
    async (context, next) => {
      const body = taken.get(context);
      if (body !== undefined && saidBytes(context) === null && context.req.raw.body !== null) {
        const whole = await readPieces(context.req.raw.body, (bytes) => {
          if (bytes > limitBytes) tooLarge();
          const hasRoom = body.growTo(bytes);
          if (!hasRoom) body.shrinkTo(0);
          return hasRoom;
        });
        if (whole === null) throw noRoom();
        context.req.raw = new Request(context.req.raw, { body: whole });
      }
      await next();
    },
    async (context, next) => {
      if (takesBody(context)) {
        const text = await context.req.text();
        taken.get(context)?.shrinkTo(text.length);
        currentCall()?.keepQuestion(text);
      }
      await next();
    },
  ];
}

/**
 * Reads a body that does not say how long it is.
 * @param hasRoom told how much is there
 * @returns null where there is no room for it: it is read to its end all the same, or its client would lose the connection and not hear why
 */
async function readPieces(body: ReadableStream<Uint8Array>, hasRoom: (bytes: number) => boolean): Promise<Uint8Array<ArrayBuffer> | null> {
  let pieces: Uint8Array[] | null = [];
  let bytes = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return pieces === null ? null : Buffer.concat(pieces, bytes);
    bytes += value.length;
    if (pieces !== null && hasRoom(bytes)) pieces.push(value);
    else pieces = null;
  }
}

/** How long a body says it is; null where it comes in pieces. */
function saidBytes({ req }: Context): number | null {
  const length = Number(req.header('content-length') ?? Number.NaN);
  return req.header('transfer-encoding') === undefined && Number.isSafeInteger(length) ? length : null;
}

const noRoom = (): ApiError =>
  new ApiError({
    status: 503,
    code: 'server_busy',
    message: 'Requests as large as this one are being answered, and there is no memory to spare for another. Ask again in a moment.',
    retryAfterSeconds: busySeconds,
  });

const takesBody = ({ req }: Context): boolean => req.method !== 'GET' && req.method !== 'HEAD';

/** As `fetch` and curl call a body where nobody says what it is. A page cannot use them to ask unseen: browsers send its origin along. */
const unsaidTypes = new Set(['', 'text/plain', 'application/x-www-form-urlencoded']);

function requireJson({ req }: Context): void {
  const type = (req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const isPlain = (req.header('content-encoding') ?? 'identity').toLowerCase() === 'identity';
  if (isPlain && (unsaidTypes.has(type) || /^application\/([\w.-]+\+)?json$/.test(type))) return;
  const words = isPlain ? 'Send JSON, with content-type application/json.' : 'Send the body uncompressed.';
  throw new ApiError({ status: 415, code: 'unsupported_media_type', message: words });
}
