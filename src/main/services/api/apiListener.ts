import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What a client may take of the server, before anybody has looked at what it wants. */
export interface ApiLimits {
  readonly connections: number;
  /** Until all headers are there. */
  readonly headerMs: number;
  /** Until the whole request is there. */
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly idleMs: number;
  /** For which a client may take nothing of what is ready for it. */
  readonly stallMs: number;
  readonly headerBytes: number;
  readonly headers: number;
  readonly addressBytes: number;
  readonly bodyBytes: number;
  /** All bodies of requests that are being answered. */
  readonly bodiesBytes: number;
}

export const apiLimits: ApiLimits = {
  connections: 512,
  headerMs: 10_000,
  requestMs: 60_000,
  idleMs: 15_000,
  stallMs: 60_000,
  headerBytes: 32 * 1024,
  headers: 100,
  addressBytes: 4096,
  bodyBytes: 32 * 2 ** 20,
  bodiesBytes: 64 * 2 ** 20,
};

/**
 * Node's own HTTP server with limits on what a slow or greedy client can take. A connection that is one too many takes the place of the one that has
 * waited longest with nothing to answer: slow senders cannot keep others out.
 * @param listener answers; a client that wants to be told to go on (`Expect: 100-continue`) is not told here
 */
export function createLimitedServer(listener: RequestListener, limits: ApiLimits): Server {
  const answering = new Map<Socket, number>();
  const guarded = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const refusal = refusalOf(incoming, limits);
    if (refusal !== null) return refuse(outgoing, refusal);
    const { socket } = incoming;
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    outgoing.once('close', () => {
      const before = answering.get(socket);
      // Last in the map: of those that wait it has waited least.
      if (answering.delete(socket) && before !== undefined) answering.set(socket, before - 1);
    });
    listener(incoming, outgoing);
  };
  const server = createServer(
    {
      headersTimeout: limits.headerMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: Math.min(5000, limits.headerMs / 2),
    },
    guarded,
  );
  server.on('checkContinue', guarded);
  // Node drops what is beyond its own count without a word; more than ours are refused in words.
  server.maxHeadersCount = 0;
  server.setTimeout(limits.stallMs, (socket) => {
    // Silence is no fault while the model reads a long prompt; not taking what is ready is.
    if (socket.writableLength > 0 || (answering.get(socket) ?? 0) === 0) socket.destroy();
    else socket.setTimeout(limits.stallMs);
  });
  server.on('connection', (socket: Socket) => {
    answering.set(socket, 0);
    socket.once('close', () => answering.delete(socket));
    if (answering.size <= limits.connections) return;
    const idle = [...answering].find(([one, count]) => count === 0 && one !== socket)?.[0];
    (idle ?? socket).destroy();
  });
  return server;
}

interface Refusal {
  readonly status: 400 | 414 | 431;
  readonly words: string;
}

function refusalOf({ url = '', rawHeaders }: IncomingMessage, limits: ApiLimits): Refusal | null {
  if (url.length > limits.addressBytes) return { status: 414, words: `An address may have ${limits.addressBytes} characters.` };
  if (rawHeaders.length / 2 > limits.headers) return { status: 431, words: `A request may have ${limits.headers} headers.` };
  // `GET http://other/` is how proxies are asked, and this is none.
  return url.startsWith('/') ? null : { status: 400, words: 'This is no proxy: ask for a path.' };
}

function refuse(outgoing: ServerResponse, { status, words }: Refusal): void {
  const body = `${JSON.stringify({ error: { message: words, type: 'invalid_request_error', param: null, code: 'invalid_request' } })}\n`;
  outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), connection: 'close' });
  outgoing.end(body);
}
