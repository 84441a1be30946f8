import type { Frame, FramePipe } from '#shared/rpc/frames.ts';

/** A port to a process: what `child_process` and Electron's `utilityProcess` both have under other names. */
export interface ProcessPort {
  /** Must not throw once the process is gone. */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The port closed or the process ended, whichever is seen first. May fire more than once. */
  onClose(listener: () => void): void;
}

/** Makes a frame pipe of a process port. After closing, nothing is sent and nothing late is delivered. */
export function createMessagePipe(port: ProcessPort): FramePipe {
  const frameListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<() => void>();
  let closed = false;

  port.onMessage((message) => {
    if (closed) return;
    for (const listener of frameListeners) listener(message);
  });
  port.onClose(() => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  });

  return {
    send(frame: Frame): void {
      if (!closed) port.post(frame);
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
