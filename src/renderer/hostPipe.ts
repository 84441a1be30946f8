import { type Frame, type FramePipe, messageLimitBytes } from '#shared/rpc/frames.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** What the Electron preload puts on the page: two functions, nothing else. */
interface PreloadBridge {
  send(frame: Frame): void;
  onFrame(listener: (frame: unknown) => void): () => void;
}

declare global {
  interface Window {
    readonly rightsize?: PreloadBridge;
  }
}

export const isDesktop = window.rightsize !== undefined;

/**
 * Opens the pipe of whichever host shows this page: the preload bridge in Electron, else a WebSocket to the
 * origin that served it.
 * @returns a pipe that is ready to send. Rejects when the host does not answer.
 */
export async function openHostPipe(): Promise<FramePipe> {
  return window.rightsize === undefined ? await openSocketPipe(socketAddress()) : bridgePipe(window.rightsize);
}

function bridgePipe(bridge: PreloadBridge): FramePipe {
  // The bridge lives exactly as long as the page, so it never closes before it.
  return { send: (frame) => bridge.send(frame), onFrame: (listener) => bridge.onFrame(listener), onClose: () => () => undefined };
}

function socketAddress(): string {
  const address = new URL('/pipe', window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}

function openSocketPipe(address: string): Promise<FramePipe> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    const frameListeners = new Set<(frame: unknown) => void>();
    const closeListeners = new Set<() => void>();
    socket.addEventListener('open', () =>
      resolve({
        send(frame) {
          if (socket.readyState === WebSocket.OPEN) socket.send(messageOf(frame));
        },
        onFrame: (listener) => listen(frameListeners, listener),
        onClose: (listener) => listen(closeListeners, listener),
      }),
    );
    socket.addEventListener('message', ({ data }) => {
      const frame = parseJson(data);
      for (const listener of frameListeners) listener(frame);
    });
    socket.addEventListener('close', () => {
      reject(new Error('The connection was closed.'));
      for (const listener of closeListeners) listener();
    });
  });
}

/** @throws {RpcError} bad-input for more than the host takes in one piece: it would close the connection */
function messageOf(frame: Frame): string {
  const message = JSON.stringify(frame);
  // A character has three bytes at most, and most have one.
  if (message.length * 3 <= messageLimitBytes || new Blob([message]).size <= messageLimitBytes) return message;
  throw new RpcError(pipeErrors.badInput, 'This is too large to be sent to Rightsize in one piece.', {
    hint: `It takes ${messageLimitBytes / 2 ** 20} MiB at a time.`,
  });
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
