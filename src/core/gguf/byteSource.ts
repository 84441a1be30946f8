/** Where header bytes come from: a file, a range-requested URL, a buffer. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Bytes from `offset`; fewer than `length` only where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The part of an AbortSignal that core needs; every AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}
