import { readFileSync, writeFileSync } from 'node:fs';

/** A metadata value with its GGUF type, for files that a sane writer would never make. */
export type RawValue =
  | { readonly type: 'uint32' | 'float32'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'float32s' | 'int32s'; readonly value: readonly number[] };

const valueSizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const alignment = 32;

/**
 * Writes a changed copy of a GGUF file: metadata set or removed, tensors kept as they are, bounds correct.
 * It checks nothing, on purpose: the engine has to meet these files unwarned.
 */
export function editGguf(source: string, target: string, changes: Readonly<Record<string, RawValue | null>>): string {
  const file = readFileSync(source);
  const tensorCount = Number(file.readBigUInt64LE(8));
  const keyCount = Number(file.readBigUInt64LE(16));
  const entries = new Map<string, Buffer>();
  let at = 24;
  for (let index = 0; index < keyCount; index++) {
    const start = at;
    const key = readString(file, at);
    at = skipValue(file, at + 8 + Buffer.byteLength(key));
    entries.set(key, file.subarray(start, at));
  }
  const tensorsStart = at;
  for (let index = 0; index < tensorCount; index++) {
    at += 8 + Number(file.readBigUInt64LE(at));
    at += 4 + file.readUInt32LE(at) * 8 + 4 + 8;
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) entries.delete(key);
    else entries.set(key, writeEntry(key, value));
  }
  const header = Buffer.concat([writeHeader(tensorCount, entries.size), ...entries.values(), file.subarray(tensorsStart, at)]);
  writeFileSync(target, Buffer.concat([pad(header), file.subarray(Math.ceil(at / alignment) * alignment)]));
  return target;
}

/** A GGUF file of metadata alone: no tensor, no data. */
export function writeTensorlessGguf(target: string, metadata: Readonly<Record<string, RawValue>>): string {
  const entries = Object.entries(metadata).map(([key, value]) => writeEntry(key, value));
  writeFileSync(target, Buffer.concat([writeHeader(0, entries.length), ...entries]));
  return target;
}

function writeHeader(tensorCount: number, keyCount: number): Buffer {
  const header = Buffer.alloc(24);
  header.write('GGUF', 0, 'latin1');
  header.writeUInt32LE(3, 4);
  header.writeBigUInt64LE(BigInt(tensorCount), 8);
  header.writeBigUInt64LE(BigInt(keyCount), 16);
  return header;
}

function pad(header: Buffer): Buffer {
  return Buffer.concat([header, Buffer.alloc((alignment - (header.length % alignment)) % alignment)]);
}

function readString(file: Buffer, at: number): string {
  const length = Number(file.readBigUInt64LE(at));
  return file.toString('utf8', at + 8, at + 8 + length);
}

function skipValue(file: Buffer, typeAt: number): number {
  const type = file.readUInt32LE(typeAt);
  const at = typeAt + 4;
  if (type === 8) return at + 8 + Number(file.readBigUInt64LE(at));
  if (type !== 9) return at + sizeOf(type);
  const elementType = file.readUInt32LE(at);
  const count = Number(file.readBigUInt64LE(at + 4));
  if (elementType !== 8) return at + 12 + count * sizeOf(elementType);
  let end = at + 12;
  for (let index = 0; index < count; index++) end += 8 + Number(file.readBigUInt64LE(end));
  return end;
}

function sizeOf(type: number): number {
  const size = valueSizes[type];
  if (size === undefined) throw new Error(`unknown GGUF value type ${type}`);
  return size;
}

function writeEntry(key: string, entry: RawValue): Buffer {
  return Buffer.concat([text(key), writeValue(entry)]);
}

function writeValue(entry: RawValue): Buffer {
  switch (entry.type) {
    case 'uint32':
      return Buffer.concat([uint32(4), uint32(entry.value)]);
    case 'float32':
      return Buffer.concat([uint32(6), float32(entry.value)]);
    case 'string':
      return Buffer.concat([uint32(8), text(entry.value)]);
    case 'strings':
      return Buffer.concat([arrayOf(8, entry.value.length), ...entry.value.map(text)]);
    case 'float32s':
      return Buffer.concat([arrayOf(6, entry.value.length), ...entry.value.map(float32)]);
    case 'int32s':
      return Buffer.concat([arrayOf(5, entry.value.length), ...entry.value.map(uint32)]);
  }
}

function arrayOf(elementType: number, count: number): Buffer {
  const buffer = Buffer.alloc(16);
  buffer.writeUInt32LE(9, 0);
  buffer.writeUInt32LE(elementType, 4);
  buffer.writeBigUInt64LE(BigInt(count), 8);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, bytes]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value >>> 0);
  return buffer;
}

function float32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}
