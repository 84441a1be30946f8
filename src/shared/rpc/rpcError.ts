/** An error as it crosses a pipe and as `--json` prints it. Matched by `code`, never by text. */
export interface RpcErrorData {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly data?: unknown;
}

/**
 * An expected failure with a code. `message` says what happened and what was kept, `hint` what to do now.
 * Bugs are any other Error; they cross a pipe as code `internal`.
 */
export class RpcError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly data: unknown;

  constructor(code: string, message: string, options: { hint?: string; data?: unknown; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RpcError';
    this.code = code;
    this.hint = options.hint;
    this.data = options.data;
  }

  toJSON(): RpcErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.data === undefined ? {} : { data: this.data }),
    };
  }
}

/** Codes that belong to the pipe itself and to no domain. */
export const pipeErrors = {
  internal: 'internal',
  badInput: 'bad-input',
  unknownRoute: 'unknown-route',
  cancelled: 'cancelled',
  closed: 'pipe-closed',
} as const;

/** Turns whatever was thrown into what may cross a pipe. Abort errors become `cancelled`, bugs `internal`. */
export function toRpcErrorData(thrown: unknown): RpcErrorData {
  if (thrown instanceof RpcError) return thrown.toJSON();
  if (thrown instanceof Error && thrown.name === 'AbortError') return { code: pipeErrors.cancelled, message: 'Cancelled.' };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: pipeErrors.internal, message: `Something broke inside Rightsize: ${message}` };
}

/** The receiving end: makes an RpcError of the data again. */
export function fromRpcErrorData(data: RpcErrorData): RpcError {
  return new RpcError(data.code, data.message, {
    ...(data.hint === undefined ? {} : { hint: data.hint }),
    ...(data.data === undefined ? {} : { data: data.data }),
  });
}
