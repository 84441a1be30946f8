import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { currentCall } from './apiCall.ts';
import { ApiError } from './apiErrors.ts';

/**
 * What a body may be: JSON, as it is, of limited size. It is asked for (`Expect: 100-continue`) only after that, and kept with the log where the user
 * wants that.
 */
export function bodyGuard(limitBytes: number): readonly MiddlewareHandler[] {
  const tooLarge = (): never => {
    throw new ApiError({ status: 413, code: 'body_too_large', message: `A request may have ${limitBytes / 2 ** 20} MiB.` });
  };
  return [
    async (context, next) => {
      if (!takesBody(context)) return await next();
      requireJson(context);
      if (Number(context.req.header('content-length') ?? 0) > limitBytes) tooLarge();
      const { outgoing } = (context.env ?? {}) as { readonly outgoing?: ServerResponse<IncomingMessage> };
      if (/^100-continue$/i.test(context.req.header('expect') ?? '')) outgoing?.writeContinue();
      await next();
    },
    bodyLimit({ maxSize: limitBytes, onError: tooLarge }),
    async (context, next) => {
      if (takesBody(context)) currentCall()?.keepQuestion(await context.req.text());
      await next();
    },
  ];
}

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
