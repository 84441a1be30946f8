/** Operations that the allocator or the scheduler tells apart; everything else is `other`. */
export type GraphOperation =
  | 'none'
  | 'view'
  | 'set-rows'
  | 'get-rows'
  | 'mul-mat'
  | 'mul-mat-id'
  | 'rope'
  | 'flash-attention'
  | 'argsort'
  | 'cumsum'
  | 'inplace'
  | 'other';

/** Where a tensor lies before the graph runs: nowhere yet, on the GPU, in RAM. */
export const home = { none: -1, gpu: 0, ram: 1 } as const;

export interface ElementType {
  readonly blockElements: number;
  readonly blockBytes: number;
}

export const float32: ElementType = { blockElements: 1, blockBytes: 4 };
export const float16: ElementType = { blockElements: 1, blockBytes: 2 };
export const int32: ElementType = { blockElements: 1, blockBytes: 4 };
export const int64: ElementType = { blockElements: 1, blockBytes: 8 };

export type Shape = readonly [number, number, number, number];

/** Bytes of another tensor seen with other steps; `of` is null for a tensor of its own with gaps. */
export interface View {
  readonly of: GraphTensor | null;
  readonly strides: Shape;
}

/**
 * One tensor of the engine's compute graph, as far as its memory goes: `ggml_tensor` without data. The last group of fields is scratch of
 * the scheduler and the allocator; a graph is built, used once and dropped.
 */
export class GraphTensor {
  readonly operation: GraphOperation;
  readonly type: ElementType;
  /** Elements by dimension, innermost first. */
  readonly n0: number;
  readonly n1: number;
  readonly n2: number;
  readonly n3: number;
  /** Strides in bytes. */
  readonly b1: number;
  readonly b2: number;
  readonly b3: number;
  /** 0 marks a transposed or permuted first dimension: such a tensor is never contiguous. */
  readonly b0: number;
  readonly sources: GraphTensor[];
  /** The tensor that holds the bytes; views of views name the first. */
  readonly viewOf: GraphTensor | null;
  /** Bytes as stored, before device padding. */
  readonly bytes: number;

  place: number = home.none;
  isWeight = false;
  /** Rearranged for the CPU's own kernels, so that no GPU can read it. */
  isRepacked = false;
  isInput = false;
  /** Read by the caller after the run: never freed, never written over. */
  isOutput = false;
  /** Bytes the GPU adds: row tails of quantised weights. */
  tailBytes = 0;

  backend = -1;
  isVisited = false;
  copy: GraphTensor | null = null;
  children = 0;
  views = 0;
  isAllocated = false;
  buffer = -1;
  offset = 0;

  /** Positions instead of named fields: some thousand are made for one estimate. */
  constructor(operation: GraphOperation, type: ElementType, shape: Shape, sources: GraphTensor[], view: View | null, bytes?: number) {
    this.operation = operation;
    this.type = type;
    this.n0 = shape[0];
    this.n1 = shape[1];
    this.n2 = shape[2];
    this.n3 = shape[3];
    const row = (shape[0] / type.blockElements) * type.blockBytes;
    const strides = view?.strides;
    this.b0 = strides ? strides[0] : type.blockBytes;
    this.b1 = strides ? strides[1] : row;
    this.b2 = strides ? strides[2] : row * shape[1];
    this.b3 = strides ? strides[3] : row * shape[1] * shape[2];
    this.sources = sources;
    this.viewOf = view?.of ?? null;
    this.bytes = bytes ?? (strides ? bytesOf(this) : row * shape[1] * shape[2] * shape[3]);
  }

  get elements(): number {
    return this.n0 * this.n1 * this.n2 * this.n3;
  }

  get rows(): number {
    return this.n1 * this.n2 * this.n3;
  }

  get isContiguous(): boolean {
    const row = (this.n0 / this.type.blockElements) * this.type.blockBytes;
    return (
      (this.n0 === this.type.blockElements || this.b0 === this.type.blockBytes) &&
      (this.n1 === 1 || this.b1 === row) &&
      (this.n2 === 1 || this.b2 === row * this.n1) &&
      (this.n3 === 1 || this.b3 === row * this.n1 * this.n2)
    );
  }
}

/** `ggml_nbytes`: from the first to the last byte, gaps of strided views included. */
function bytesOf(tensor: GraphTensor): number {
  const { type, n0, n1, n2, n3 } = tensor;
  if (n0 <= 0 || n1 <= 0 || n2 <= 0 || n3 <= 0) return 0;
  const first = type.blockElements === 1 ? type.blockBytes + (n0 - 1) * tensor.b0 : (n0 * tensor.b0) / type.blockElements;
  return first + (n1 - 1) * tensor.b1 + (n2 - 1) * tensor.b2 + (n3 - 1) * tensor.b3;
}
