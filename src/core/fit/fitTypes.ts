/** Tensor groups of one block, in bytes as the engine allocates them before device padding. */
export interface FitTensor {
  readonly name: string;
  /** ggml's name of the type: `Q4_K`. */
  readonly type: string;
  /** Elements by dimension, innermost first. */
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** What the estimate needs of a header: hyper-parameters by their key without the architecture's prefix, and every tensor. */
export interface FitShape {
  readonly architecture: string;
  readonly hyperparameters: Readonly<Record<string, number | boolean | string | readonly number[] | readonly boolean[]>>;
  readonly vocabularySize: number | null;
  readonly tensors: readonly FitTensor[];
}

export type KvType = 'f32' | 'f16' | 'bf16' | 'q8_0' | 'q5_1' | 'q5_0' | 'q4_1' | 'q4_0' | 'iq4_nl';

/** How the model would be loaded. Null = Rightsize decides. */
export interface FitOptions {
  readonly contextTokens: number;
  readonly kvType: KvType;
  readonly flashAttention: boolean;
  /** Micro-batch; 128 on a CPU, 512 on a GPU unless told. */
  readonly batchTokens: number | null;
  /** Layers on the GPU, output layer counted; null = as many as fit. */
  readonly gpuLayers: number | null;
  /** Layers whose experts stay in RAM. */
  readonly expertsInRamLayers: number;
  readonly sequences: number;
}

/** The machine an estimate is for. Bytes. */
export interface FitMachine {
  readonly ramBytes: number;
  /** What could be used now. */
  readonly ramAvailableBytes: number;
  readonly gpu: {
    readonly backend: 'cuda' | 'vulkan' | 'metal';
    readonly vramBytes: number;
    readonly freeBytes: number;
    readonly unified: boolean;
  } | null;
  /** Measured; null = speed is unknown. */
  readonly bandwidthBytesPerSecond: number | null;
}

export type FitState = 'gpu' | 'partial' | 'cpu' | 'tight' | 'none';

export interface FitBytes {
  readonly weights: number;
  readonly kvCache: number;
  readonly recurrent: number;
  readonly compute: number;
  readonly overhead: number;
  readonly total: number;
  readonly gpu: number;
  readonly ram: number;
}

export interface FitBuffer {
  readonly device: 'gpu' | 'host' | 'cpu';
  readonly weights: number;
  readonly kvAndState: number;
  readonly compute: number;
}

export interface FitEstimate {
  readonly state: FitState;
  readonly gpuLayers: number;
  readonly layers: number;
  /** Largest context that still fits in the same state or better; null = none does. */
  readonly maxContext: number | null;
  readonly bytes: FitBytes;
  readonly buffers: readonly FitBuffer[];
  readonly tokensPerSecond: { readonly low: number; readonly estimate: number; readonly high: number; readonly basis: string } | null;
  /** False for an architecture whose KV and compute formulas are not known: then only the weights are exact. */
  readonly isExact: boolean;
}
