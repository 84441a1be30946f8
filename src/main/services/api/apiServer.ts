import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { addAnthropicRoutes, anthropicError } from './anthropicRoutes.ts';
import type { ApiNeeds } from './apiAnswer.ts';
import { ApiError, type ApiProblem, problemOf } from './apiErrors.ts';
import { apiGuard } from './apiGuard.ts';
import { addOllamaRoutes, ollamaError } from './ollamaRoutes.ts';
import { addOpenaiRoutes, openaiError } from './openaiRoutes.ts';

export interface ApiServer {
  /** `http://127.0.0.1:11435/v1`, what an OpenAI client takes as its base address. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const bodyLimitBytes = 32 * 2 ** 20;
const headerTimeoutMs = 10_000;
const bodyTimeoutMs = 60_000;
const headerLimitBytes = 32 * 1024;

/**
 * Serves the library's models to other programs of this machine in the words of OpenAI, Anthropic and Ollama.
 * @param options.port 0 takes any free one
 * @throws {RpcError} port-in-use
 */
export async function startApiServer(
  options: {
    readonly host: string;
    readonly port: number;
    readonly key: string | null;
    readonly allowedOrigins: readonly string[];
    readonly version: string;
  },
  needs: ApiNeeds,
): Promise<ApiServer> {
  const app = createApiApp(options, needs);
  const server = createServer(
    { headersTimeout: headerTimeoutMs, requestTimeout: bodyTimeoutMs, maxHeaderSize: headerLimitBytes, connectionsCheckingInterval: 5_000 },
    getRequestListener(app.fetch),
  );
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return fail(error);
      fail(
        new RpcError(systemErrors.portInUse, `Port ${options.port} is in use by another program.`, {
          hint: 'Choose another port for the API.',
          cause: error,
        }),
      );
    });
    server.listen(options.port, options.host, () => done());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}/v1`,
    port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The routes with their guard and errors, without a socket. */
export function createApiApp(
  options: { readonly host: string; readonly key: string | null; readonly allowedOrigins: readonly string[]; readonly version: string },
  needs: ApiNeeds,
): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const problem = problemOf(error);
    return context.json(inDialect(context.req.path, problem), problem.status);
  });
  app.notFound((context) => {
    const known = methodsOf(app, context.req.path);
    const problem: ApiProblem =
      known.length === 0
        ? { status: 404, code: 'unknown_path', message: `There is nothing at ${context.req.path}.`, field: null }
        : { status: 405, code: 'method_not_allowed', message: `${context.req.path} takes ${known.join(' and ')}.`, field: null };
    if (known.length > 0) context.header('allow', known.join(', '));
    return context.json(inDialect(context.req.path, problem), problem.status);
  });
  app.use('*', apiGuard({ ...options, hostNames: options.host === '127.0.0.1' ? [] : [options.host] }));
  app.use(
    '*',
    bodyLimit({
      maxSize: bodyLimitBytes,
      onError: () => {
        throw new ApiError({ status: 413, code: 'body_too_large', message: `A request may have ${bodyLimitBytes / 2 ** 20} MiB.` });
      },
    }),
  );
  addOpenaiRoutes(app, needs);
  addAnthropicRoutes(app, needs);
  addOllamaRoutes(app, { ...needs, version: options.version });
  return app;
}

/** Each client looks for an error in the shape of its own dialect. */
function inDialect(path: string, problem: ApiProblem): object {
  if (path.startsWith('/v1/messages')) return anthropicError(problem);
  return path.startsWith('/api/') ? ollamaError(problem) : openaiError(problem);
}

function methodsOf(app: Hono, path: string): readonly string[] {
  const methods = app.routes.filter(
    (route) => route.method !== 'ALL' && new RegExp(`^${route.path.replace(/:\w+\{\.\+\}/g, '.+')}$`).test(path),
  );
  return [...new Set(methods.map((route) => route.method))];
}
