import { constants, open } from 'node:fs/promises';
import type { ByteSource } from '#core/gguf/byteSource.ts';
import { checkGgufBounds } from '#core/gguf/checkGgufBounds.ts';
import { describeGguf, type GgufFacts } from '#core/gguf/describeGguf.ts';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import { type FileProblem, fileProblem, readProblem } from './fileProblem.ts';

/** A file as core reads it. */
export interface OpenFile extends ByteSource {
  [Symbol.asyncDispose](): Promise<void>;
}

/** A pipe is opened at once too: its other end may never come, and nothing could stop the wait. Windows has no such flag. */
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens a file for reading by ranges. @throws what the file system throws */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, readWithoutWaiting);
  try {
    const { size } = await handle.stat();
    return {
      sizeBytes: size,
      async read(offset, length) {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        let filled = 0;
        while (filled < bytes.length) {
          const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return filled === bytes.length ? bytes : bytes.subarray(0, filled);
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export type HeaderReading =
  | { readonly ok: true; readonly header: GgufHeader; readonly facts: GgufFacts }
  | { readonly ok: false; readonly problem: FileProblem };

/** Reads a model file's header with our own reader and checks that its tensors lie within the file. Never throws for a bad file. */
export async function readModelHeader(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<HeaderReading> {
  try {
    await using file = await openFile(path);
    const reading = await readGgufHeader(file, options);
    if (!reading.ok) return { ok: false, problem: fileProblem(reading.code, reading.message) };
    const { header } = reading;
    const facts = describeGguf(header, { sizeBytes: file.sizeBytes });
    // The engine's rules hold for models; a vision projector or an adapter is never loaded by itself.
    const fault = facts.role === 'model' ? checkGgufBounds(header, { sizeBytes: file.sizeBytes }) : null;
    if (fault !== null) return { ok: false, problem: fileProblem(fault.code, fault.message) };
    return { ok: true, header, facts };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return { ok: false, problem: readProblem(error) };
  }
}
