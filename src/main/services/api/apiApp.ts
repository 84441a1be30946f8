import { type Context, Hono } from 'hono';
import { addAnthropicRoutes, anthropicError } from './anthropicRoutes.ts';
import type { ApiNeeds } from './apiAnswer.ts';
import { bodyGuard } from './apiBody.ts';
import { currentCall } from './apiCall.ts';
import { type ApiProblem, problemOf } from './apiErrors.ts';
import { type GuardRules, keyGuard, originGuard } from './apiGuard.ts';
import type { ApiLimits } from './apiListener.ts';
import { createKeyThrottle } from './keyThrottle.ts';
import { addOllamaRoutes, ollamaError } from './ollamaRoutes.ts';
import { openaiError } from './openaiErrors.ts';
import { addOpenaiRoutes } from './openaiRoutes.ts';

export interface ApiAppOptions {
  readonly rules: () => GuardRules;
  readonly isLan: boolean;
  readonly version: string;
  readonly limits: Pick<ApiLimits, 'bodyBytes' | 'bodiesBytes'>;
  /** What `/metrics` says. */
  readonly metrics: () => string;
}

/** All dialects behind their guard, without a socket. */
export function createApiApp(options: ApiAppOptions, needs: ApiNeeds): Hono {
  const app = new Hono();
  app.use('*', originGuard({ ...options, methodsOf: (path) => methodsOf(app, path) }));
  app.get('/', (context) => context.text('Rightsize is running'));
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.use(
    '*',
    keyGuard(
      options.rules,
      createKeyThrottle(() => performance.now()),
    ),
  );
  app.get('/metrics', (context) => context.text(options.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }));
  for (const guard of bodyGuard(options.limits)) app.use('*', guard);
  addDialects(app, { needs, version: options.version });
  return app;
}

/** The dialects alone, for a question that was asked before: nobody has to be kept out. */
export function createDialects(needs: ApiNeeds): Hono {
  const app = new Hono();
  addDialects(app, { needs, version: '' });
  return app;
}

function addDialects(app: Hono, { needs, version }: { readonly needs: ApiNeeds; readonly version: string }): void {
  app.onError((error, context) => {
    const problem = problemOf(error);
    currentCall()?.failed(problem.message);
    if (problem.retryAfterSeconds !== undefined) context.header('retry-after', String(problem.retryAfterSeconds));
    return context.json(inDialect(context, problem), problem.status);
  });
  app.notFound((context) => {
    const known = methodsOf(app, context.req.path);
    const problem: ApiProblem =
      known.length === 0
        ? {
            status: 404,
            code: 'unknown_path',
            message: `There is nothing at ${context.req.path}.${meant(app, context.req.path)}`,
            field: null,
          }
        : { status: 405, code: 'method_not_allowed', message: `${context.req.path} takes ${known.join(' and ')}.`, field: null };
    currentCall()?.failed(problem.message);
    if (known.length > 0) context.header('allow', known.join(', '));
    return context.json(inDialect(context, problem), problem.status);
  });
  addOpenaiRoutes(app, needs);
  addAnthropicRoutes(app, needs);
  addOllamaRoutes(app, { ...needs, version });
}

/** Each client looks for an error in the shape of its own dialect. */
function inDialect({ req }: Context, problem: ApiProblem): object {
  const { path } = req;
  if (path.startsWith('/v1/messages') || req.header('anthropic-version') !== undefined) return anthropicError(problem);
  return path.startsWith('/api/') ? ollamaError(problem) : openaiError(problem);
}

/** Where a client that was given another base address would have found something. */
function meant(app: Hono, path: string): string {
  const plain = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  const found = [plain, `/v1${plain}`, plain.replace(/^\/v1(?=\/)/, ''), plain.replace(/^\/api(?=\/v1\/)/, '')].find(
    (other) => other !== path && methodsOf(app, other).length > 0,
  );
  return found === undefined ? '' : ` Did you mean ${found}? Look at the base address that the program was given.`;
}

/** What a path takes: what its routes say, and HEAD where it takes GET; empty for an unknown path. */
function methodsOf(app: Hono, path: string): readonly string[] {
  const methods = app.routes.filter((route) => route.method !== 'ALL' && patternOf(route.path).test(path)).map(({ method }) => method);
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}

/** Of a route as Hono writes it: `/v1/models/:model{.+}`, `/v1/responses/:id`. */
const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.replace(/:\w+(?:\{([^}]*)\})?|[.*+?^$()|[\]\\]/g, (part, within?: string) => (part.startsWith(':') ? (within ?? '[^/]+') : `\\${part}`))}$`,
  );
