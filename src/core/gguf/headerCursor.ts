import type { ByteSource, CancelSignal } from './byteSource.ts';
import { decodeUtf8 } from './decodeUtf8.ts';
import type { GgufErrorCode, GgufProblem } from './ggufHeader.ts';

const firstChunkBytes = 64 * 1024;
const lastChunkBytes = 1024 * 1024;
/** Ten times the largest header known (vocabulary of 262,144 with its merges). */
const headerLimitBytes = 256 * 1024 * 1024;

/** Leaves the parser; `readGgufHeader` turns it into a value. */
export class GgufFault extends Error {
  readonly code: GgufErrorCode;
  constructor(code: GgufErrorCode, message: string) {
    super(message);
    this.code = code;
  }
  get problem(): GgufProblem {
    return { code: this.code, message: this.message };
  }
}

/**
 * Walks forward through a header with a window of bytes that grows from 64 KiB to 1 MiB a read. Skipped ranges are not read.
 * Synchronous readers need their bytes promised by `need` first.
 */
export class HeaderCursor {
  /** What is being read, for messages: `the value of "llama.block_count"`. */
  reading = 'the file header';
  readonly #source: ByteSource;
  readonly #signal: CancelSignal | undefined;
  #window = new Uint8Array(0);
  #view = new DataView(new ArrayBuffer(0));
  #windowStart = 0;
  #index = 0;
  #chunkBytes = firstChunkBytes;

  constructor(source: ByteSource, signal?: CancelSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  get position(): number {
    return this.#windowStart + this.#index;
  }

  has(length: number): boolean {
    return this.#index + length <= this.#window.length;
  }

  /** Makes sure that `length` bytes are at hand, reading on where they are not. */
  async need(length: number): Promise<void> {
    if (this.has(length)) return;
    this.#checkRange(length);
    const start = this.position;
    const kept = this.#index < this.#window.length ? this.#window.subarray(this.#index) : new Uint8Array(0);
    const wanted = Math.min(Math.max(length, this.#chunkBytes), this.#source.sizeBytes - start);
    const window = new Uint8Array(wanted);
    window.set(kept);
    let filled = kept.length;
    while (filled < length) {
      this.#signal?.throwIfAborted();
      const part = await this.#source.read(start + filled, wanted - filled);
      if (part.length === 0) throw this.#truncated(length, start + filled);
      const taken = part.length > wanted - filled ? part.subarray(0, wanted - filled) : part;
      window.set(taken, filled);
      filled += taken.length;
    }
    this.#chunkBytes = Math.min(this.#chunkBytes * 4, lastChunkBytes);
    this.#window = window.subarray(0, filled);
    this.#view = new DataView(window.buffer, 0, filled);
    this.#windowStart = start;
    this.#index = 0;
  }

  /** Refuses a claimed size that the file or the header limit has no room for, before a loop or an allocation trusts it. */
  expect(length: number): void {
    this.#checkRange(length);
  }

  /** Steps over bytes without reading those outside the window. */
  skip(length: number): void {
    this.#checkRange(length);
    this.#index += length;
    if (this.#index <= this.#window.length) return;
    this.#windowStart += this.#index;
    this.#window = new Uint8Array(0);
    this.#index = 0;
  }

  bytes(length: number): Uint8Array {
    const bytes = this.#window.subarray(this.#index, this.#index + length);
    this.#index += length;
    return bytes;
  }

  peek(length: number): Uint8Array {
    return this.#window.subarray(this.#index, this.#index + length);
  }

  text(length: number): string {
    return decodeUtf8(this.bytes(length));
  }

  uint8(): number {
    return this.#view.getUint8(this.#step(1));
  }
  int8(): number {
    return this.#view.getInt8(this.#step(1));
  }
  uint16(): number {
    return this.#view.getUint16(this.#step(2), true);
  }
  int16(): number {
    return this.#view.getInt16(this.#step(2), true);
  }
  uint32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }
  int32(): number {
    return this.#view.getInt32(this.#step(4), true);
  }
  float32(): number {
    return this.#view.getFloat32(this.#step(4), true);
  }
  float64(): number {
    return this.#view.getFloat64(this.#step(8), true);
  }
  /** Exact below 2^53, rounded above: every use is a comparison with a limit or a number for people. */
  uint64(): number {
    const at = this.#step(8);
    return this.#view.getUint32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
  }
  int64(): number {
    return Number(this.#view.getBigInt64(this.#step(8), true));
  }

  invalid(what: string): GgufFault {
    return new GgufFault('gguf-invalid', `${sentenceCase(this.reading)} ${what} (at byte ${this.position}).`);
  }

  #step(length: number): number {
    const at = this.#index;
    this.#index += length;
    return at;
  }

  #checkRange(length: number): void {
    const end = this.position + length;
    if (end > headerLimitBytes) {
      throw this.invalid(`would end ${formatCount(end)} bytes into the file; a header is at most ${formatCount(headerLimitBytes)} bytes`);
    }
    if (end > this.#source.sizeBytes) throw this.#truncated(length, this.#source.sizeBytes);
  }

  #truncated(length: number, end: number): GgufFault {
    const { position, reading } = this;
    return new GgufFault(
      'gguf-truncated',
      `The file ends at byte ${end}, inside its header: ${reading} needs ${formatCount(length)} bytes from byte ${position}.`,
    );
  }
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Counts from hostile files may be huge or rounded: exact while they are safe integers. */
export function formatCount(count: number): string {
  return Number.isSafeInteger(count) ? String(count) : count.toExponential(2);
}
