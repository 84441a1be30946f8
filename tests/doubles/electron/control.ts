/** The wire between the double (in the main process under test) and the test that started it. */

/** What the double tells the test. */
export type DoubleReport =
  | { readonly kind: 'browser'; readonly endpoint: string }
  | { readonly kind: 'window'; readonly options: Record<string, unknown> }
  | { readonly kind: 'loaded'; readonly url: string }
  | { readonly kind: 'dialog'; readonly title: string; readonly text: string }
  | { readonly kind: 'external'; readonly url: string }
  | { readonly kind: 'scheme'; readonly schemes: readonly unknown[] }
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'second-instance' }
  | { readonly kind: 'focused' }
  | { readonly kind: 'navigation'; readonly url: string; readonly allowed: boolean }
  | { readonly kind: 'popup'; readonly allowed: boolean }
  | { readonly kind: 'tray'; readonly rows: readonly Record<string, unknown>[] }
  | { readonly kind: 'overlay'; readonly overlay: Record<string, unknown> }
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown };

/** What the test may ask of the double. */
export type DoubleCommand =
  | { readonly command: 'permission'; readonly id: number; readonly permission: string; readonly url: string }
  | { readonly command: 'picked'; readonly id: number; readonly paths: readonly string[] }
  /** Puts a message on the frame channel as if another frame or page had sent it. */
  | { readonly command: 'forge'; readonly id: number; readonly frame: unknown; readonly url: string; readonly isTopFrame: boolean }
  | { readonly command: 'fetch'; readonly id: number; readonly url: string; readonly method: string }
  | { readonly command: 'close-window'; readonly id: number }
  /** Presses a key combination anywhere on the machine. @returns whether the app holds it */
  | { readonly command: 'press'; readonly id: number; readonly accelerator: string }
  /** Chooses a row of the tray's menu. @returns whether there is one */
  | { readonly command: 'tray'; readonly id: number; readonly label: string }
  | { readonly command: 'quit'; readonly id: number };

type Command = DoubleCommand['command'];
type Handler<C extends Command> = (command: Extract<DoubleCommand, { command: C }>) => unknown;
const handlers = new Map<string, (command: never) => unknown>();

export function report(message: DoubleReport): void {
  process.send?.(message);
}

export function onCommand<C extends Command>(name: C, handler: Handler<C>): void {
  handlers.set(name, handler as (command: never) => unknown);
}

process.on('message', (message: DoubleCommand) => {
  const handler = handlers.get(message.command);
  if (handler === undefined) return;
  void Promise.resolve(handler(message as never)).then((value) => report({ kind: 'reply', id: message.id, value: value ?? null }));
});
// The wire must not keep the process alive: the app decides when it ends.
process.channel?.unref();
