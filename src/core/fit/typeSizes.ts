import { listTensorTypes } from '../gguf/tensorTypes.ts';
import type { KvType } from './fitTypes.ts';
import type { ElementType } from './graph/graphTensor.ts';

const byName: ReadonlyMap<string, ElementType> = new Map(
  listTensorTypes().map(([, { name, blockElements, blockBytes }]) => [name, { blockElements, blockBytes }]),
);
const unknown: ElementType = { blockElements: 1, blockBytes: 1 };

/** Block size of a tensor type by ggml's name; one byte an element for a name nobody knows. */
export function blockSizeOf(type: string): ElementType {
  return byName.get(type) ?? unknown;
}

/** Block size of a cache type. */
export function kvTypeSize(type: KvType): ElementType {
  return byName.get(type.toUpperCase()) ?? unknown;
}
