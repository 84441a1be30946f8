import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { systemErrors } from '#shared/contract/system.ts';
import type { Log } from '#shared/log.ts';
import { type FramePipe, messageLimitBytes } from '#shared/rpc/frames.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { readPageFile } from '../pageFiles.ts';
import { pageHeaders } from '../pageHeaders.ts';
import { type Admission, createRequestGuard, type RequestGuard } from './requestGuard.ts';
import { createWebSocketPipe } from './webSocketPipe.ts';

export interface ServeServer {
  /** The address to open, with the token in it. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the built page and one pipe per page on a loopback address.
 * @param options.port 0 takes any free one.
 * @param options.onPipe called with the pipe of each page that was let in.
 * @throws {RpcError} port-in-use
 */
export async function startServer(options: {
  readonly host: string;
  readonly port: number;
  readonly pageFolder: string;
  readonly log: Log;
  readonly onPipe: (pipe: FramePipe) => void;
}): Promise<ServeServer> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimitBytes, perMessageDeflate: false });
  const port = await listen(server, options);
  const guard = createRequestGuard({ cookieName: `rightsize-${port}` });

  server.on('request', (request, response) => void answer(request, response, { guard, ...options }));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined);
    const admission = guard.admitPipe(request);
    if (admission.kind !== 'admitted' || admission.path !== '/pipe') return refuseUpgrade(socket, admission);
    sockets.handleUpgrade(request, socket, head, (client) => options.onPipe(createWebSocketPipe(client)));
  });

  const name = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${name}:${port}/?token=${guard.token}`,
    port,
    close: () => {
      for (const client of sockets.clients) client.terminate();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function listen(server: ReturnType<typeof createServer>, where: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return fail(error);
      const why = error.code === 'EACCES' ? 'may not be used by this account' : 'is in use by another program';
      fail(
        new RpcError(systemErrors.portInUse, `Port ${where.port} on ${where.host} ${why}.`, {
          hint: 'Choose another one with --port, or --port 0 for any free one.',
          cause: error,
        }),
      );
    });
    server.listen(where.port, where.host, () => done((server.address() as AddressInfo).port));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly guard: RequestGuard; readonly pageFolder: string; readonly log: Log },
): Promise<void> {
  try {
    const admission = options.guard.admitPage(request);
    if (admission.kind === 'refused') return sendText(response, admission.status, admission.reason);
    if (admission.kind === 'welcome') {
      response.writeHead(303, {
        ...pageHeaders,
        location: admission.location,
        'set-cookie': admission.cookie,
        'cache-control': 'no-store',
      });
      response.end();
      return;
    }
    const file = await readPageFile(options.pageFolder, admission.path);
    if (file === null) return sendText(response, 404, 'There is no such file.');
    const cache = file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-store';
    response.writeHead(200, { ...pageHeaders, 'content-type': file.mediaType, 'content-length': file.body.length, 'cache-control': cache });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  } catch (error) {
    options.log.error('serve.request-failed', { error });
    if (!response.headersSent) sendText(response, 500, 'Something broke inside Rightsize. The log has the details.');
    else response.destroy();
  }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

function refuseUpgrade(socket: Duplex, admission: Admission): void {
  const status = admission.kind === 'refused' ? admission.status : 404;
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
