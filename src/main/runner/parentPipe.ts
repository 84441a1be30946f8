import type { Frame, FramePipe } from '#shared/rpc/frames.ts';

/** Electron gives a utility process this port; its types are not visible here, so the two members in use are declared. */
interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

/** The runner's end of the pipe to the process that started it. @throws when nothing started it. */
export function connectParent(): FramePipe {
  const parentPort = (process as NodeJS.Process & { readonly parentPort?: ElectronParentPort | null }).parentPort;
  if (parentPort !== undefined && parentPort !== null) return electronPipe(parentPort);
  if (process.send !== undefined) return forkPipe();
  throw new Error('The runner is a part of Rightsize and is started by it, not by hand.');
}

function electronPipe(port: ElectronParentPort): FramePipe {
  return {
    send: (frame: Frame) => port.postMessage(frame),
    onFrame: (listener) => {
      let listening = true;
      port.on('message', (event) => {
        if (listening) listener(event.data);
      });
      return () => {
        listening = false;
      };
    },
    onClose: (listener) => {
      let listening = true;
      port.on('close', () => {
        if (listening) listener();
      });
      return () => {
        listening = false;
      };
    },
  };
}

function forkPipe(): FramePipe {
  return {
    send: (frame: Frame) => {
      // Sending to a parent that is just dying fails; `disconnect` follows at once and ends this process.
      if (process.connected) process.send?.(frame, undefined, undefined, () => undefined);
    },
    onFrame: (listener) => {
      process.on('message', listener);
      return () => process.off('message', listener);
    },
    onClose: (listener) => {
      process.once('disconnect', listener);
      return () => process.off('disconnect', listener);
    },
  };
}
