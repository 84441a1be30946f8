export interface TensorType {
  readonly name: string;
  /** Elements in one block; a row is a whole number of blocks. */
  readonly blockElements: number;
  readonly blockBytes: number;
  /** Written by older tools and no longer loaded by llama.cpp. */
  readonly removed?: true;
}

/** Numbers of `enum ggml_type`, block sizes of `ggml-common.h`; llama.cpp as bundled with node-llama-cpp 3.22.1, checked 2026-11-21. */
const tensorTypes: ReadonlyMap<number, TensorType> = new Map([
  [0, { name: 'F32', blockElements: 1, blockBytes: 4 }],
  [1, { name: 'F16', blockElements: 1, blockBytes: 2 }],
  [2, { name: 'Q4_0', blockElements: 32, blockBytes: 18 }],
  [3, { name: 'Q4_1', blockElements: 32, blockBytes: 20 }],
  [6, { name: 'Q5_0', blockElements: 32, blockBytes: 22 }],
  [7, { name: 'Q5_1', blockElements: 32, blockBytes: 24 }],
  [8, { name: 'Q8_0', blockElements: 32, blockBytes: 34 }],
  [9, { name: 'Q8_1', blockElements: 32, blockBytes: 36 }],
  [10, { name: 'Q2_K', blockElements: 256, blockBytes: 84 }],
  [11, { name: 'Q3_K', blockElements: 256, blockBytes: 110 }],
  [12, { name: 'Q4_K', blockElements: 256, blockBytes: 144 }],
  [13, { name: 'Q5_K', blockElements: 256, blockBytes: 176 }],
  [14, { name: 'Q6_K', blockElements: 256, blockBytes: 210 }],
  [15, { name: 'Q8_K', blockElements: 256, blockBytes: 292 }],
  [16, { name: 'IQ2_XXS', blockElements: 256, blockBytes: 66 }],
  [17, { name: 'IQ2_XS', blockElements: 256, blockBytes: 74 }],
  [18, { name: 'IQ3_XXS', blockElements: 256, blockBytes: 98 }],
  [19, { name: 'IQ1_S', blockElements: 256, blockBytes: 50 }],
  [20, { name: 'IQ4_NL', blockElements: 32, blockBytes: 18 }],
  [21, { name: 'IQ3_S', blockElements: 256, blockBytes: 110 }],
  [22, { name: 'IQ2_S', blockElements: 256, blockBytes: 82 }],
  [23, { name: 'IQ4_XS', blockElements: 256, blockBytes: 136 }],
  [24, { name: 'I8', blockElements: 1, blockBytes: 1 }],
  [25, { name: 'I16', blockElements: 1, blockBytes: 2 }],
  [26, { name: 'I32', blockElements: 1, blockBytes: 4 }],
  [27, { name: 'I64', blockElements: 1, blockBytes: 8 }],
  [28, { name: 'F64', blockElements: 1, blockBytes: 8 }],
  [29, { name: 'IQ1_M', blockElements: 256, blockBytes: 56 }],
  [30, { name: 'BF16', blockElements: 1, blockBytes: 2 }],
  [31, { name: 'Q4_0_4_4', blockElements: 32, blockBytes: 18, removed: true }],
  [32, { name: 'Q4_0_4_8', blockElements: 32, blockBytes: 18, removed: true }],
  [33, { name: 'Q4_0_8_8', blockElements: 32, blockBytes: 18, removed: true }],
  [34, { name: 'TQ1_0', blockElements: 256, blockBytes: 54 }],
  [35, { name: 'TQ2_0', blockElements: 256, blockBytes: 66 }],
  [36, { name: 'IQ4_NL_4_4', blockElements: 32, blockBytes: 18, removed: true }],
  [37, { name: 'IQ4_NL_4_8', blockElements: 32, blockBytes: 18, removed: true }],
  [38, { name: 'IQ4_NL_8_8', blockElements: 32, blockBytes: 18, removed: true }],
  [39, { name: 'MXFP4', blockElements: 32, blockBytes: 17 }],
  [40, { name: 'NVFP4', blockElements: 64, blockBytes: 36 }],
  [41, { name: 'Q1_0', blockElements: 128, blockBytes: 18 }],
  [42, { name: 'Q2_0', blockElements: 64, blockBytes: 18 }],
]);

const removedNames: ReadonlySet<string> = new Set([...tensorTypes.values()].filter((type) => type.removed).map((type) => type.name));

/**
 * The tensor type behind a number in a GGUF header.
 * @param id number of `enum ggml_type`
 * @returns its name and block size, or null for a number this version does not know
 */
export function tensorTypeOf(id: number): TensorType | null {
  return tensorTypes.get(id) ?? null;
}

/**
 * Every known tensor type with its number, ascending.
 * @returns pairs of number and type
 */
export function listTensorTypes(): readonly (readonly [number, TensorType])[] {
  return [...tensorTypes];
}

/**
 * Whether llama.cpp has dropped a type (the repacked Q4_0 and IQ4_NL layouts).
 * @param name ggml's name of the type
 */
export function isRemovedTensorType(name: string): boolean {
  return removedNames.has(name);
}
