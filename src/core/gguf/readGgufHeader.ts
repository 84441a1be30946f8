import type { ByteSource, CancelSignal } from './byteSource.ts';
import type { GgufHeader, GgufReading } from './ggufHeader.ts';
import { GgufFault, HeaderCursor } from './headerCursor.ts';
import { type Metadata, readMetadata } from './readMetadata.ts';
import { readTensors } from './readTensors.ts';
import { recogniseFile } from './recogniseFile.ts';

const magic = 'GGUF';
const prefixBytes = 24;
/** Enough of the start to say what a file is that is no GGUF. */
const recognisedBytes = 64;
const defaultAlignment = 32;
const alignmentLimit = 65_536;

/**
 * Reads the header of a GGUF v2 or v3 file: metadata, tensor list and where the data starts. Vocabularies and other long arrays are stepped
 * over, not held. Hostile bytes end in a value, never in an exception; memory and time are bounded by the header's size, at most 256 MiB.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and llama.cpp's gguf.cpp, checked 2026-11-21.
 * @param source the file; its data section may be missing
 * @param options.signal stops reading between chunks
 * @returns the header, or a code with a message that names what is wrong and where; rejects only when the source does, or with the signal's reason
 */
export async function readGgufHeader(source: ByteSource, options: { readonly signal?: CancelSignal } = {}): Promise<GgufReading> {
  const cursor = new HeaderCursor(source, options.signal);
  try {
    return { ok: true, header: await readHeader(cursor, source.sizeBytes) };
  } catch (error) {
    if (error instanceof GgufFault) return { ok: false, ...error.problem };
    throw error;
  }
}

async function readHeader(cursor: HeaderCursor, sizeBytes: number): Promise<GgufHeader> {
  if (sizeBytes === 0) throw new GgufFault('not-gguf', 'The file is empty.');
  const startBytes = Math.min(sizeBytes, recognisedBytes);
  await cursor.need(startBytes);
  checkMagic(cursor.peek(startBytes));
  await cursor.need(prefixBytes);
  cursor.skip(magic.length);
  const version = cursor.uint32();
  checkVersion(version);
  const tensorCount = cursor.uint64();
  const metadataCount = cursor.uint64();
  const metadata = await readMetadata(cursor, metadataCount);
  const alignment = alignmentOf(metadata, cursor);
  cursor.reading = 'the tensor list';
  const tensors = await readTensors(cursor, tensorCount);
  const headerBytes = cursor.position;
  return {
    version,
    metadata: metadata.values,
    metadataTypes: metadata.types,
    tensors,
    vocabulary: metadata.vocabulary,
    alignment,
    dataOffset: Math.ceil(headerBytes / alignment) * alignment,
    headerBytes,
  };
}

function checkMagic(start: Uint8Array): void {
  const found = String.fromCharCode(...start.subarray(0, magic.length));
  if (found === magic) return;
  if (magic.startsWith(found)) throw new GgufFault('gguf-truncated', `The file ends after ${start.length} bytes, inside the word GGUF.`);
  const kind = recogniseFile(start);
  throw new GgufFault('not-gguf', `The file does not start with the word GGUF.${kind ? ` It is ${kind}.` : ''}`);
}

function checkVersion(version: number): void {
  if (version === 2 || version === 3) return;
  const message =
    (version & 0xffff) === 0 && version !== 0
      ? 'The file was written for a big-endian machine and cannot be used on this one.'
      : `The file is GGUF version ${version}; versions 2 and 3 can be read.`;
  throw new GgufFault('gguf-version-unsupported', message);
}

function alignmentOf(metadata: Metadata, cursor: HeaderCursor): number {
  const alignment = metadata.values.get('general.alignment') ?? defaultAlignment;
  cursor.reading = 'the value of "general.alignment"';
  const isPowerOfTwo = typeof alignment === 'number' && alignment >= 1 && Number.isInteger(Math.log2(alignment));
  if (!isPowerOfTwo || alignment > alignmentLimit)
    throw cursor.invalid(`is ${JSON.stringify(alignment)}, not a power of two up to ${alignmentLimit}`);
  return alignment;
}
