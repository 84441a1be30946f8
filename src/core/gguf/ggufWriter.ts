/** Numbers of `enum gguf_type` in gguf.h of llama.cpp v0.5.0, by the name that the reader gives them. */
const scalarTypes = {
  uint8: { id: 0, bytes: 1 },
  int8: { id: 1, bytes: 1 },
  uint16: { id: 2, bytes: 2 },
  int16: { id: 3, bytes: 2 },
  uint32: { id: 4, bytes: 4 },
  int32: { id: 5, bytes: 4 },
  float32: { id: 6, bytes: 4 },
  bool: { id: 7, bytes: 1 },
  uint64: { id: 10, bytes: 8 },
  int64: { id: 11, bytes: 8 },
  float64: { id: 12, bytes: 8 },
} as const;
const stringType = 8;
const arrayType = 9;

export type GgufScalarType = keyof typeof scalarTypes;

/** Writes the pieces of a GGUF header, little-endian, into bytes that grow. */
export interface GgufWriter {
  bytes(values: readonly number[]): void;
  text(value: string): void;
  scalar(type: GgufScalarType, value: number | boolean): void;
  /** Type and value of one metadata entry. */
  entry(key: string, type: string, value: number | boolean | string | readonly number[] | readonly boolean[]): void;
  /** Zeros up to a multiple of this many bytes. */
  pad(multiple: number): void;
  finish(): Uint8Array;
}

const firstBytes = 16_384;

/** A writer of header pieces; GGUF version 3 as in docs/gguf.md of ggml, read 2026-11-21. */
export function createGgufWriter(): GgufWriter {
  let buffer = new Uint8Array(firstBytes);
  let view = new DataView(buffer.buffer);
  let length = 0;

  /** Makes room and moves on. @returns where to write */
  function take(bytes: number): number {
    const at = length;
    length += bytes;
    if (length > buffer.length) {
      const larger = new Uint8Array(Math.max(length, buffer.length * 2));
      larger.set(buffer);
      buffer = larger;
      view = new DataView(buffer.buffer);
    }
    return at;
  }

  const writer: GgufWriter = {
    bytes(values) {
      const at = take(values.length);
      buffer.set(values, at);
    },
    text(value) {
      const encoded = encodeUtf8(value);
      writer.scalar('uint64', encoded.length);
      writer.bytes(encoded);
    },
    scalar(type, value) {
      const at = take(scalarTypes[type].bytes);
      const number = Number(value);
      switch (type) {
        case 'uint8':
        case 'bool':
          return view.setUint8(at, number);
        case 'int8':
          return view.setInt8(at, number);
        case 'uint16':
          return view.setUint16(at, number, true);
        case 'int16':
          return view.setInt16(at, number, true);
        case 'uint32':
          return view.setUint32(at, number, true);
        case 'int32':
          return view.setInt32(at, number, true);
        case 'float32':
          return view.setFloat32(at, number, true);
        case 'float64':
          return view.setFloat64(at, number, true);
        case 'uint64':
          return view.setBigUint64(at, BigInt(number), true);
        case 'int64':
          return view.setBigInt64(at, BigInt(number), true);
      }
    },
    entry(key, type, value) {
      writer.text(key);
      if (typeof value === 'string') {
        writer.scalar('uint32', stringType);
        return writer.text(value);
      }
      const element = /^array<(\w+)>$/.exec(type)?.[1] ?? type;
      if (!isScalarType(element)) throw new RangeError(`"${key}" has the type ${type}, which cannot be written.`);
      if (typeof value !== 'object') {
        writer.scalar('uint32', scalarTypes[element].id);
        return writer.scalar(element, value);
      }
      writer.scalar('uint32', arrayType);
      writer.scalar('uint32', scalarTypes[element].id);
      writer.scalar('uint64', value.length);
      for (const one of value) writer.scalar(element, one);
    },
    pad: (multiple) => void take((multiple - (length % multiple)) % multiple),
    finish: () => buffer.slice(0, length),
  };
  return writer;
}

function isScalarType(name: string): name is GgufScalarType {
  return Object.hasOwn(scalarTypes, name);
}

/** The core's `lib` has no TextEncoder. A lone surrogate becomes U+FFFD. */
function encodeUtf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return bytes;
}
