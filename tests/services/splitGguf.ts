import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GgufTensor } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import { tensorTypeOf } from '#core/gguf/tensorTypes.ts';

/**
 * Splits a GGUF as llama.cpp's `gguf-split` does: the first part keeps the metadata, every part names itself by `split.*`.
 * @returns paths of the parts in order
 */
export async function splitGguf(
  path: string,
  options: { readonly folder: string; readonly base: string; readonly parts: number },
): Promise<string[]> {
  const bytes = readFileSync(path);
  const reading = await readGgufHeader({
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  });
  if (!reading.ok) throw new Error(reading.message);
  const { tensors, headerBytes, dataOffset, alignment, metadata } = reading.header;
  const metadataBytes = bytes.subarray(24, headerBytes - tensors.reduce((total, tensor) => total + infoBytes(tensor), 0));
  const perPart = Math.ceil(tensors.length / options.parts);
  return Array.from({ length: options.parts }, (_, index) => {
    const own = tensors.slice(index * perPart, (index + 1) * perPart);
    const split = [keyUint16('split.no', index), keyUint16('split.count', options.parts), keyInt32('split.tensors.count', tensors.length)];
    const entries = index === 0 ? [metadataBytes, ...split] : split;
    const count = (index === 0 ? metadata.size : 0) + split.length;
    const infos: Buffer[] = [];
    const data: Buffer[] = [];
    let offset = 0;
    for (const tensor of own) {
      infos.push(tensorInfo(tensor, offset));
      const start = dataOffset + tensor.offset;
      const padding = padded(tensor.bytes, alignment) - tensor.bytes;
      data.push(bytes.subarray(start, start + tensor.bytes), Buffer.alloc(padding));
      offset += tensor.bytes + padding;
    }
    const header = Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(own.length), uint64(count), ...entries, ...infos]);
    const name = `${options.base}-${number(index + 1)}-of-${number(options.parts)}.gguf`;
    const target = join(options.folder, name);
    writeFileSync(target, Buffer.concat([header, Buffer.alloc(padded(header.length, alignment) - header.length), ...data]));
    return target;
  });
}

const number = (value: number): string => String(value).padStart(5, '0');
const padded = (size: number, alignment: number): number => Math.ceil(size / alignment) * alignment;
const infoBytes = (tensor: GgufTensor): number => 8 + Buffer.byteLength(tensor.name) + 4 + 8 * tensor.dimensions.length + 4 + 8;

function tensorInfo(tensor: GgufTensor, offset: number): Buffer {
  const type = Array.from({ length: 64 }, (_, id) => id).find((id) => tensorTypeOf(id)?.name === tensor.type);
  if (type === undefined) throw new Error(`There is no number for ${tensor.type}.`);
  return Buffer.concat([
    text(tensor.name),
    uint32(tensor.dimensions.length),
    ...tensor.dimensions.map(uint64),
    uint32(type),
    uint64(offset),
  ]);
}

const keyUint16 = (key: string, value: number): Buffer => Buffer.concat([text(key), uint32(2), Buffer.from(Uint16Array.of(value).buffer)]);
const keyInt32 = (key: string, value: number): Buffer => Buffer.concat([text(key), uint32(5), uint32(value)]);
const text = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
const uint32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const uint64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
