import { type Frame, type FramePipe, parseFrame } from './frames.ts';
import type { AnyRoute, Handlers, RouteTable } from './routeTable.ts';
import { pipeErrors, RpcError, toRpcErrorData } from './rpcError.ts';

type AnyHandler = (input: unknown, context: { signal: AbortSignal; emit(item: unknown): void }) => Promise<unknown>;

/**
 * Serves a route table over a pipe. Input is parsed here and nowhere else; routes are looked up as own
 * properties only. When the pipe closes, every running handler is aborted.
 * @param options.onBug called with what a handler threw when it was no RpcError and no abort.
 * @returns a function that stops serving and aborts what runs.
 */
export function serveRpc<T extends RouteTable>(
  pipe: FramePipe,
  options: { readonly routes: T; readonly handlers: Handlers<T>; readonly onBug?: (error: unknown, route: string) => void },
): () => void {
  const running = new Map<number, AbortController>();

  async function answer(frame: Extract<Frame, { kind: 'req' }>): Promise<void> {
    const { id, route: name } = frame;
    const route: AnyRoute | undefined = Object.hasOwn(options.routes, name) ? options.routes[name] : undefined;
    if (route === undefined) return fail(id, new RpcError(pipeErrors.unknownRoute, `There is no route named ${name.slice(0, 60)}.`));
    if (running.has(id)) return fail(id, new RpcError(pipeErrors.badInput, 'This request id is already in use.'));
    const input = route.input.safeParse(frame.input);
    if (!input.success) {
      const issue = input.error.issues[0];
      const where = issue === undefined || issue.path.length === 0 ? 'input' : issue.path.join('.');
      return fail(id, new RpcError(pipeErrors.badInput, `${name}: ${where}: ${issue?.message ?? 'is not valid'}`));
    }
    const controller = new AbortController();
    running.set(id, controller);
    const emit = (data: unknown): void => {
      if (!controller.signal.aborted) pipe.send({ kind: 'item', id, data });
    };
    try {
      const handler = options.handlers[name] as unknown as AnyHandler;
      const data = await handler(input.data, { signal: controller.signal, emit });
      if (running.has(id)) pipe.send({ kind: 'end', id, data });
    } catch (thrown) {
      if (!(thrown instanceof RpcError) && !(thrown instanceof Error && thrown.name === 'AbortError')) options.onBug?.(thrown, name);
      if (running.has(id)) fail(id, thrown);
    } finally {
      running.delete(id);
    }
  }

  function fail(id: number, thrown: unknown): void {
    pipe.send({ kind: 'err', id, error: toRpcErrorData(thrown) });
  }

  function stop(): void {
    offFrame();
    offClose();
    const controllers = [...running.values()];
    running.clear();
    for (const controller of controllers) controller.abort();
  }

  const offFrame = pipe.onFrame((value) => {
    const frame = parseFrame(value);
    if (frame?.kind === 'req') void answer(frame);
    if (frame?.kind === 'cancel') running.get(frame.id)?.abort();
  });
  const offClose = pipe.onClose(stop);
  return stop;
}
