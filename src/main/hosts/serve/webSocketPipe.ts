import type { WebSocket } from 'ws';
import type { Frame, FramePipe } from '#shared/rpc/frames.ts';

/** A page that reads this much too slowly is cut off; it subscribes again when it reconnects. One long answer, an export of all chats, is not slowness. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** Makes a frame pipe of a WebSocket: one JSON text message a frame. What is no JSON is dropped. */
export function createWebSocketPipe(socket: WebSocket): FramePipe {
  const frameListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<() => void>();
  let longestBytes = 0;

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    const frame = isBinary ? undefined : parseJson(data.toString('utf8'));
    if (frame === undefined) return;
    for (const listener of frameListeners) listener(frame);
  });
  socket.once('close', () => {
    for (const listener of closeListeners) listener();
  });
  // An oversized or malformed message ends the connection; `close` follows and is what counts.
  socket.on('error', () => undefined);

  return {
    send(frame: Frame): void {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maxWaitingBytes + longestBytes) return socket.terminate();
      const message = Buffer.from(JSON.stringify(frame));
      longestBytes = Math.max(longestBytes, message.byteLength);
      socket.send(message, { binary: false });
    },
    onFrame(listener): () => void {
      frameListeners.add(listener);
      return () => frameListeners.delete(listener);
    },
    onClose(listener): () => void {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
