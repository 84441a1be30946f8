/** A tensor, or the same tensor of several layers where name, type and shape agree. */
export interface FitTensor {
  /** As in the file; for layers without the `blk.N.` in front. */
  readonly name: string;
  /** ggml's name of the type: `Q4_K`. */
  readonly type: string;
  /** Elements by dimension, innermost first. */
  readonly shape: readonly number[];
  /** Of one, before device padding. */
  readonly bytes: number;
  /** Layers that have one, ascending; null for a tensor of no layer. */
  readonly layers: readonly number[] | null;
}

export type FitHyperparameter = number | boolean | string | readonly number[] | readonly boolean[];

/** What the estimate needs of a header: hyper-parameters by their key without the architecture's prefix, and every tensor. Plain JSON. */
export interface FitShape {
  readonly architecture: string;
  readonly hyperparameters: Readonly<Record<string, FitHyperparameter>>;
  /** GGUF's type of each of them, as written: `uint32`, `array<bool>`. What a bare header is written from; absent in shapes of an older Rightsize. */
  readonly hyperparameterTypes?: Readonly<Record<string, string>>;
  readonly vocabularySize: number | null;
  /** GGUF's name of the tokenizer: `gpt2`, `llama`; absent where it was not kept. */
  readonly tokenizer?: string;
  readonly tensors: readonly FitTensor[];
}

/** Types that the engine can keep its KV cache in. */
export const kvTypes = ['f32', 'f16', 'bf16', 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'q4_0', 'iq4_nl'] as const;
export type KvType = (typeof kvTypes)[number];

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
  /** Weights of the vision projector that is loaded along; 0 or absent = none. */
  readonly projectorBytes?: number;
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
    /** Of the GPU's own memory, bytes a second; null or absent = unknown. */
    readonly bandwidthBytesPerSecond?: number | null;
    /** How many devices of this backend share the layers; their memory is summed above. Absent = one. */
    readonly deviceCount?: number;
    /** Vulkan: a tensor larger than this stays in RAM; null or absent = no limit. */
    readonly largestBufferBytes?: number | null;
  } | null;
  /** Of RAM, measured; null = speed is unknown. */
  readonly bandwidthBytesPerSecond: number | null;
  /** What earlier loads on this machine taught; absent = nothing yet. */
  readonly calibration?: FitCalibration;
}

/** Corrections from loads and answers measured here. Null = too few of them. Only overhead and speed are corrected, never a formula. */
export interface FitCalibration {
  /** What the driver keeps on one GPU beside the engine's buffers: median of the last loads, in place of the first guess. */
  readonly gpuOverheadBytes: number | null;
  /** How far such overheads lie apart: three times their median deviation, at least 64 MiB. Null with `gpuOverheadBytes`. */
  readonly gpuOverheadSpreadBytes: number | null;
  /** Added to what a runner's process is expected to take in RAM on the processor alone: median of measured minus expected. May be negative. */
  readonly ramOffsetBytes: number | null;
  /** The same where the process uses a GPU, whose driver and libraries lie in RAM too. */
  readonly gpuRamOffsetBytes: number | null;
  /** Measured generation speed as a share of the estimate from bandwidth alone. */
  readonly cpuSpeedFactor: number | null;
  readonly gpuSpeedFactor: number | null;
  /** Loads that these come from. */
  readonly loads: number;
}

/** `tight`: it fits, but with less to spare than driver and other programs may take. */
export type FitState = 'gpu' | 'partial' | 'cpu' | 'tight' | 'none';

export interface FitBytes {
  readonly weights: number;
  readonly kvCache: number;
  readonly recurrent: number;
  readonly compute: number;
  /** What the process and the GPU's driver take beside the engine's buffers; see `overhead.ts`. */
  readonly overhead: number;
  /**
   * Of `compute`: reserved in RAM, and not touched before a long context needs it. What has to be free includes it, what the process takes once it has
   * answered, `ram` and `total`, does not. Absent = none: so it is with flash attention and Rightsize's own batch.
   */
  readonly untouched?: number;
  /** Of all parts, less what stays untouched. */
  readonly total: number;
  readonly gpu: number;
  readonly ram: number;
}

/** What the engine reserves on one device, without overhead. `host` is RAM that the GPU's driver has pinned. */
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
  /** Between what `bytes.total` lies: equal to it within a few percent where `isExact`, wide where not. */
  readonly range: { readonly low: number; readonly high: number };
}

export const noCalibration: FitCalibration = {
  gpuOverheadBytes: null,
  gpuOverheadSpreadBytes: null,
  ramOffsetBytes: null,
  gpuRamOffsetBytes: null,
  cpuSpeedFactor: null,
  gpuSpeedFactor: null,
  loads: 0,
};
