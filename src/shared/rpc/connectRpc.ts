import { type FramePipe, parseFrame } from './frames.ts';
import type { RouteTable, Rpc } from './routeTable.ts';
import { fromRpcErrorData, pipeErrors, RpcError } from './rpcError.ts';

interface Pending {
  onItem?: (item: unknown) => void;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The calling end of a pipe. When the pipe closes, everything that still waits fails with `pipe-closed`. */
export function connectRpc<T extends RouteTable>(pipe: FramePipe): Rpc<T> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed = false;

  pipe.onFrame((value) => {
    const frame = parseFrame(value);
    if (frame === undefined || frame.kind === 'req' || frame.kind === 'cancel') return;
    const request = pending.get(frame.id);
    if (request === undefined) return;
    if (frame.kind === 'item') return request.onItem?.(frame.data);
    pending.delete(frame.id);
    if (frame.kind === 'end') request.resolve(frame.data);
    else request.reject(fromRpcErrorData(frame.error));
  });
  pipe.onClose(() => {
    closed = true;
    const requests = [...pending.values()];
    pending.clear();
    for (const request of requests) request.reject(closedError());
  });

  function request(route: string, input: unknown, options: { onItem?: (item: unknown) => void; signal?: AbortSignal }): Promise<unknown> {
    if (closed) return Promise.reject(closedError());
    if (options.signal?.aborted) return Promise.reject(new RpcError(pipeErrors.cancelled, 'Cancelled.'));
    const id = nextId++;
    const cancel = (): void => {
      if (pending.has(id)) pipe.send({ kind: 'cancel', id });
    };
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject, ...(options.onItem ? { onItem: options.onItem } : {}) });
      options.signal?.addEventListener('abort', cancel, { once: true });
      try {
        pipe.send({ kind: 'req', id, route, input });
      } catch (error) {
        pending.delete(id);
        reject(error);
      }
    }).finally(() => options.signal?.removeEventListener('abort', cancel));
  }

  return {
    call: (route, input, options = {}) => request(route, input, options) as Promise<never>,
    stream: (route, input, options) =>
      request(route, input, { ...options, onItem: options.onItem as (item: unknown) => void }) as Promise<never>,
  };
}

function closedError(): RpcError {
  return new RpcError(pipeErrors.closed, 'The connection to Rightsize was lost.', { hint: 'Reload the window, or start Rightsize again.' });
}
