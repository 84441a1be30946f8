/** Loaded before a forked "utility process": gives it the port that Electron would, and takes away what Electron would not give. */
import { EventEmitter } from 'node:events';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send !== undefined) {
  const send = process.send.bind(process);
  const port = new EventEmitter();
  // Electron's port starts with its first listener; what came before waits for it.
  port.on('newListener', (event) => {
    if (event === 'message' && port.listenerCount('message') === 0)
      process.on('message', (data) => port.emit('message', { data, ports: [] }));
  });
  process.once('disconnect', () => port.emit('close'));
  const parentPort = Object.assign(port, {
    postMessage(message: unknown): void {
      const copy: unknown = structuredClone(message);
      if (process.connected) send(copy, undefined, undefined, () => undefined);
    },
  });
  Object.defineProperty(process, 'parentPort', { value: parentPort });
  Object.defineProperty(process, 'send', { value: undefined });
}
