import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { terminalText } from './terminalText.ts';

/** Where a command writes: answers on stdout, everything for the eye alone on stderr. */
export interface Output {
  readonly json: boolean;
  /** Whether stderr is a terminal that a line can be redrawn on. */
  readonly live: boolean;
  /** Whether stdout is still read by anybody. */
  readonly closed: boolean;
  /** The one document of a command, or one line of a stream. Only with `--json`. */
  document(value: object): void;
  /** Text on stdout as it is, for people. */
  text(text: string): void;
  /** A line on stderr for people; nothing with `--json`. */
  note(line: string): void;
  /** A line on stderr that the next one replaces, where stderr is a terminal. An empty line clears it. */
  status(line: string): void;
  error(error: RpcErrorData): void;
  /** Fires once when the reader of stdout goes away. */
  onClosed(listener: () => void): void;
  /** Resolves when everything written was taken by the system. */
  flush(): Promise<void>;
}

/** An output over the process's own streams. A reader that goes away (`| head`) ends the writing and not the program. */
export function createOutput(options: {
  readonly json: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}): Output {
  const { json, stdout, stderr } = options;
  const live = !json && stderr.isTTY === true;
  const listeners: (() => void)[] = [];
  let closed = false;
  let hasStatus = false;

  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (closed) return;
    closed = true;
    for (const listener of listeners) listener();
  });
  // A closed stderr leaves nobody to tell.
  stderr.on('error', () => {});

  const toStdout = (text: string): void => {
    if (!closed) stdout.write(text);
  };
  const toStderr = (text: string): void => {
    if (!stderr.destroyed) stderr.write(text);
  };
  const clearStatus = (): void => {
    if (!hasStatus) return;
    toStderr('\r\x1b[2K');
    hasStatus = false;
  };

  return {
    json,
    live,
    get closed() {
      return closed;
    },
    document: (value) => {
      if (json) toStdout(`${JSON.stringify(value)}\n`);
    },
    text: (text) => {
      clearStatus();
      // A file or a program gets every byte; a terminal would obey some of them.
      toStdout(stdout.isTTY ? terminalText(text) : text);
    },
    note: (line) => {
      if (json) return;
      clearStatus();
      toStderr(`${terminalText(line)}\n`);
    },
    status: (line) => {
      if (!live) return;
      clearStatus();
      if (line === '') return;
      toStderr(terminalText(line).slice(0, Math.max(20, (stderr.columns ?? 80) - 1)));
      hasStatus = true;
    },
    error: (error) => {
      clearStatus();
      const { code, message, hint } = error;
      if (json) return toStdout(`${JSON.stringify({ error: { code, message, hint: hint ?? null } })}\n`);
      toStderr(`error: ${terminalText(message)}\n`);
      if (hint !== undefined) toStderr(`hint: ${terminalText(hint)}\n`);
    },
    onClosed: (listener) => {
      listeners.push(listener);
    },
    flush: async () => {
      clearStatus();
      await Promise.all([drained(stdout, closed), drained(stderr, false)]);
    },
  };
}

function drained(stream: NodeJS.WriteStream, closed: boolean): Promise<void> {
  if (closed || stream.destroyed || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
