import type { GraphTensor } from './graph/graphTensor.ts';
import { kvTypeSize } from './typeSizes.ts';

export type FitBackend = 'cuda' | 'vulkan' | 'metal' | 'cpu';

/** How a backend lays out memory. */
export interface DeviceRules {
  readonly backend: FitBackend;
  readonly hasGpu: boolean;
  readonly gpuAlignment: number;
  readonly ramAlignment: number;
  /** A tensor with more bytes stays in RAM, and so does every operation that reads or writes one. */
  readonly largestBytes: number;
  /** What a tensor takes in the GPU's memory, before alignment. */
  gpuBytes(tensor: GraphTensor): number;
  /** Whether weights in RAM are rearranged for the CPU's kernels; not where the driver has pinned memory to put them in. */
  readonly repacks: boolean;
  /** Whether the GPU runs an operation whose weights lie in RAM, copying them over for each batch. */
  takesOver(tensor: GraphTensor): boolean;
}

/** `GGML_OP_OFFLOAD_MIN_BATCH` where nobody sets it: ggml-cuda.cu, ggml-metal-device.m, ggml-vulkan.cpp. */
const takeOverRows = 32;
/** `MATRIX_ROW_PADDING` of ggml-cuda/common.cuh. */
const rowPadding = 512;

/**
 * The memory rules of a backend. Sources: `get_alignment`, `get_alloc_size` and `offload_op` in ggml/src/ggml-{cuda,metal,vulkan,cpu} of
 * llama.cpp v0.5.0, read 2026-11-21. Vulkan's alignment is the device's; 128 covers the common ones.
 * @param largestBytes of one tensor (Vulkan: `maxStorageBufferRange`); null or absent = no limit
 */
export function deviceRulesOf(backend: FitBackend, largestBytes?: number | null): DeviceRules {
  const own = rules[backend];
  return own.hasGpu && typeof largestBytes === 'number' && largestBytes > 0 ? { ...own, largestBytes } : own;
}

/** Rows of the operation that the engine tries with each weight before it gives it a place: `weight_buft_supported`. */
const triedRows = 512;

/**
 * Whether a weight has to stay in RAM because the device cannot take it, or what comes out of it, in one piece. Source: `supports_op` of
 * ggml-vulkan.cpp and `select_weight_buft` of src/llama-model-loader.cpp of llama.cpp v0.5.0, read 2026-11-21.
 */
export function isTooLarge(
  tensor: { readonly name: string; readonly bytes: number; readonly shape: readonly number[] },
  of: { readonly rules: DeviceRules; readonly expertsUsed: number },
): boolean {
  const { largestBytes } = of.rules;
  if (largestBytes === Number.POSITIVE_INFINITY) return false;
  if (tensor.bytes > largestBytes) return true;
  const [, rows = 1] = tensor.shape;
  const times = tensor.name.includes('_exps') ? of.expertsUsed : 1;
  return rows > 1 && 4 * rows * triedRows * times > largestBytes;
}

/**
 * Bytes that CUDA adds behind a quantised tensor whose rows are no multiple of 512 elements.
 * @param type block size of the tensor's type, and the elements of one row
 */
export function rowTailBytes(type: { readonly blockElements: number; readonly blockBytes: number }, rowElements: number): number {
  const over = rowElements % rowPadding;
  if (type.blockElements === 1 || over === 0) return 0;
  return Math.floor((rowPadding - over) / type.blockElements) * type.blockBytes;
}

/** `ggml_repack_get_optimal_repack_type` for x86 with AVX2. ARM rearranges more types, and then needs a little less of the GPU. */
const repackedTypes: ReadonlySet<string> = new Set(['Q4_0', 'Q4_K', 'IQ4_NL', 'MXFP4']);

/** Whether a matrix is one that the CPU's kernels want rearranged: whole blocks of eight rows, of experts or alone. */
export function isRepackable(tensor: { readonly name: string; readonly type: string; readonly shape: readonly number[] }): boolean {
  const [, rows = 1, matrices = 1] = tensor.shape;
  return repackedTypes.has(tensor.type) && rows > 1 && rows % 8 === 0 && (matrices === 1 || tensor.name.includes('_exps'));
}

const rules: Readonly<Record<FitBackend, DeviceRules>> = {
  cuda: {
    backend: 'cuda',
    repacks: false,
    hasGpu: true,
    gpuAlignment: 128,
    ramAlignment: 32,
    largestBytes: Number.POSITIVE_INFINITY,
    gpuBytes: (tensor) =>
      tensor.operation === 'flash-attention' ? tensor.bytes + cudaAttentionScratch(tensor) : tensor.bytes + tensor.tailBytes,
    takesOver: (tensor) => batchRows(tensor) >= takeOverRows,
  },
  vulkan: {
    backend: 'vulkan',
    repacks: false,
    hasGpu: true,
    gpuAlignment: 128,
    ramAlignment: 32,
    largestBytes: Number.POSITIVE_INFINITY,
    gpuBytes: (tensor) => tensor.bytes,
    takesOver: (tensor) => batchRows(tensor) >= takeOverRows,
  },
  metal: {
    backend: 'metal',
    repacks: true,
    hasGpu: true,
    gpuAlignment: 32,
    ramAlignment: 32,
    largestBytes: Number.POSITIVE_INFINITY,
    gpuBytes: metalBytes,
    takesOver: (tensor) => (tensor.operation === 'mul-mat' || tensor.operation === 'mul-mat-id') && batchRows(tensor) >= takeOverRows,
  },
  cpu: {
    backend: 'cpu',
    repacks: true,
    hasGpu: false,
    gpuAlignment: 32,
    ramAlignment: 32,
    largestBytes: Number.POSITIVE_INFINITY,
    gpuBytes: (tensor) => tensor.bytes,
    takesOver: () => false,
  },
};

/** `get_op_batch_size`: how many rows an operation has to work on. */
function batchRows(tensor: GraphTensor): number {
  switch (tensor.operation) {
    case 'get-rows':
      return 0;
    case 'mul-mat':
      return tensor.n1;
    case 'mul-mat-id':
    case 'rope':
      return tensor.n2;
    default:
      return tensor.rows;
  }
}

/** `ggml_cuda_flash_attn_ext_get_alloc_size`: half-precision copies of keys and values that are stored otherwise. */
function cudaAttentionScratch(tensor: GraphTensor): number {
  const [, keys, values] = tensor.sources as [GraphTensor, GraphTensor, GraphTensor];
  let end = tensor.bytes;
  const isHalf = ({ type }: GraphTensor): boolean => type.blockElements === 1 && type.blockBytes === 2 && type !== kvTypeSize('bf16');
  if (!isHalf(keys)) end = Math.ceil(end / 128) * 128 + keys.elements * 2;
  const isSame = values.viewOf !== null && values.viewOf === keys.viewOf;
  if (!isHalf(values) && !isSame) end = Math.ceil(end / 128) * 128 + values.elements * 2;
  return end - tensor.bytes;
}

/** `ggml_backend_metal_buffer_type_get_alloc_size` with the scratch of `ggml-metal-ops.cpp`, which is reserved whether used or not. */
function metalBytes(tensor: GraphTensor): number {
  switch (tensor.operation) {
    case 'argsort':
    case 'cumsum':
      return tensor.bytes * 2;
    case 'mul-mat-id': {
      const experts = tensor.sources[0]?.n2 ?? 0;
      const tokens = tensor.sources[2]?.n1 ?? 0;
      return tensor.bytes + 4 * experts + 4 * experts * tokens + metalPartBytes;
    }
    case 'flash-attention':
      return tensor.bytes + metalAttentionScratch(tensor);
    default:
      return tensor.bytes;
  }
}

/** Two scaling factors and `N_MM_NPART_AMAX` partial maxima. */
const metalPartBytes = 8 + 256 * 4;

function metalAttentionScratch(tensor: GraphTensor): number {
  const [queries, keys, values, mask] = tensor.sources as [GraphTensor, GraphTensor, GraphTensor, GraphTensor];
  const isSame = values.viewOf !== null && values.viewOf === keys.viewOf;
  const isConverted = keys.type.blockElements > 1 && queries.n1 >= takeOverRows;
  const keyRow = isConverted ? 2 * keys.n0 : keys.b1;
  const valueRow = isConverted ? 2 * (isSame ? keys.n0 : values.n0) : values.b1;
  const padding = 64 * (keyRow * keys.n2 * keys.n3 + valueRow * values.n2 * values.n3 + 2 * mask.n1 * mask.n2 * mask.n3);
  const isVector = queries.n1 < 20 && queries.n0 % 32 === 0;
  const blocks = Math.ceil(queries.n1 / (isVector ? 1 : 8)) * Math.ceil(mask.n0 / (isVector ? 32 : 64));
  const blockBytes = Math.ceil((blocks * mask.n2 * mask.n3) / 32) * 32;
  const partial = 4 * Math.min(queries.n1, 32) * queries.n2 * queries.n3 * 32 * (values.n0 + 2);
  const half = (cached: GraphTensor): number => Math.ceil((2 * cached.elements) / 16) * 16;
  return padding + blockBytes + partial + half(keys) + (isSame ? 0 : half(values));
}
