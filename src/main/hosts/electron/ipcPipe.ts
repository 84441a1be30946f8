import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import type { Frame, FramePipe } from '#shared/rpc/frames.ts';
import { isTrustedSender } from './guards.ts';

export const frameChannel = 'frame';

/**
 * Makes a frame pipe for each page that a window shows. A reload or a crash of the page closes its pipe, so that
 * what it had subscribed to ends with it; the next page gets a new pipe.
 * @param onPipe called with each pipe.
 */
export function connectPages(contents: WebContents, onPipe: (pipe: FramePipe) => void): void {
  let current = openPipe(contents);
  onPipe(current.pipe);
  const replace = (): void => {
    current.close();
    current = openPipe(contents);
    onPipe(current.pipe);
  };
  // Committed: the old page can send nothing more and the new one has not sent yet. The first page finds its pipe unused.
  contents.on('did-navigate', () => {
    if (current.isUsed()) replace();
  });
  contents.on('render-process-gone', replace);
  contents.once('destroyed', () => current.close());
}

function openPipe(contents: WebContents): { readonly pipe: FramePipe; close(): void; isUsed(): boolean } {
  const frameListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<() => void>();
  let used = false;

  const receive = (event: IpcMainEvent, frame: unknown): void => {
    if (event.sender !== contents || !isTrustedSender(event.senderFrame)) return;
    used = true;
    for (const listener of frameListeners) listener(frame);
  };
  ipcMain.on(frameChannel, receive);

  return {
    pipe: {
      send(frame: Frame): void {
        if (!contents.isDestroyed()) contents.send(frameChannel, frame);
      },
      onFrame(listener): () => void {
        frameListeners.add(listener);
        return () => frameListeners.delete(listener);
      },
      onClose(listener): () => void {
        closeListeners.add(listener);
        return () => closeListeners.delete(listener);
      },
    },
    close(): void {
      ipcMain.off(frameChannel, receive);
      for (const listener of closeListeners) listener();
      closeListeners.clear();
    },
    isUsed: () => used,
  };
}
