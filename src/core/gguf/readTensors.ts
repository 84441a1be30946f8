import type { GgufTensor } from './ggufHeader.ts';
import { formatCount, type HeaderCursor } from './headerCursor.ts';
import { tensorTypeOf } from './tensorTypes.ts';

/** Twice what the largest model with one tensor per expert has; llama.cpp compares every name with every other. */
const countLimit = 65_536;
const nameLimitBytes = 1024;
const dimensionLimit = 4;

/**
 * Reads the list of tensors of a header.
 * @param cursor stands at the first tensor
 * @param count number of tensors that the header claims
 * @returns the tensors in file order; throws GgufFault on anything broken
 */
export async function readTensors(cursor: HeaderCursor, count: number): Promise<readonly GgufTensor[]> {
  if (count > countLimit) throw cursor.invalid(`claims ${formatCount(count)} tensors; ${countLimit} is the most that is read`);
  const tensors: GgufTensor[] = [];
  for (let index = 0; index < count; index += 1) {
    cursor.reading = `tensor ${index + 1} of ${count}`;
    tensors.push(await readTensor(cursor));
  }
  return tensors;
}

async function readTensor(cursor: HeaderCursor): Promise<GgufTensor> {
  await cursor.need(8);
  const nameBytes = cursor.uint64();
  if (nameBytes > nameLimitBytes)
    throw cursor.invalid(`claims a name of ${formatCount(nameBytes)} bytes; at most ${nameLimitBytes} are read`);
  await cursor.need(nameBytes + 4);
  const name = cursor.text(nameBytes);
  const dimensionCount = cursor.uint32();
  cursor.reading = `tensor "${name}"`;
  if (dimensionCount > dimensionLimit) throw cursor.invalid(`has ${dimensionCount} dimensions; at most ${dimensionLimit} are possible`);
  await cursor.need(dimensionCount * 8 + 12);
  const dimensions = Array.from({ length: dimensionCount }, () => cursor.uint64());
  const elements = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (!dimensions.every(Number.isSafeInteger) || !Number.isSafeInteger(elements)) {
    throw cursor.invalid(`has the impossible shape ${dimensions.map(formatCount).join(' × ')}`);
  }
  const typeNumber = cursor.uint32();
  const type = tensorTypeOf(typeNumber);
  if (!type) throw cursor.invalid(`has the unknown type ${typeNumber}`);
  const row = dimensions[0] ?? 1;
  if (row % type.blockElements !== 0) {
    throw cursor.invalid(`has rows of ${row} elements, which ${type.name} cannot hold: its blocks have ${type.blockElements}`);
  }
  const bytes = (elements / type.blockElements) * type.blockBytes;
  const offset = cursor.uint64();
  if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(offset + bytes)) {
    throw cursor.invalid(`would lie ${formatCount(offset)} bytes into the data and take ${formatCount(bytes)} bytes`);
  }
  return { name, type: type.name, dimensions, elements, offset, bytes };
}
