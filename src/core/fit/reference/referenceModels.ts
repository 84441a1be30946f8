/** What a well-known model is made of: enough to write down every tensor it has. */
export interface ReferenceModel {
  /** As people say it: `Qwen3 8B`. */
  readonly name: string;
  /** As people say the size alone: `8B`, `30B A3B`. */
  readonly size: string;
  /** As `readName` tells it: lower case, without version. */
  readonly family: string;
  readonly version: string | null;
  readonly architecture: 'llama' | 'qwen3' | 'qwen3moe' | 'gemma3' | 'gpt-oss';
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly headsKv: number;
  readonly headLength: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
  /** Whether the output matrix is the embedding. */
  readonly isTied: boolean;
  /** Factors that stretch the rotation, a tensor of its own (Llama 3.1 and later). */
  readonly hasRopeFactors?: boolean;
  /** Tokens that sliding layers look back. */
  readonly window?: number;
  readonly experts?: { readonly count: number; readonly used: number; readonly feedForward: number };
}

const llama = { family: 'llama', architecture: 'llama', vocabulary: 128_256, contextTokens: 131_072, headsKv: 8 } as const;
const mistral = { family: 'mistral', architecture: 'llama', headLength: 128, heads: 32, headsKv: 8, isTied: false } as const;
const qwen3 = {
  family: 'qwen',
  version: '3',
  architecture: 'qwen3',
  vocabulary: 151_936,
  contextTokens: 40_960,
  headLength: 128,
  headsKv: 8,
} as const;
const gemma3 = { family: 'gemma', version: '3', architecture: 'gemma3', vocabulary: 262_144, isTied: true, window: 1024 } as const;

const gptOss = {
  family: 'gpt-oss',
  version: null,
  architecture: 'gpt-oss',
  width: 2880,
  heads: 64,
  headsKv: 8,
  headLength: 64,
  feedForward: 2880,
  vocabulary: 201_088,
  contextTokens: 131_072,
  isTied: false,
  window: 128,
} as const;

/**
 * Hyper-parameters as the models' publishers give them (config.json), with which parameter and tensor counts come out as published; checked
 * 2026-11-21 against headers of real files, decision 031.
 */
const models = {
  'qwen3-0.6b': { ...qwen3, name: 'Qwen3 0.6B', size: '0.6B', layers: 28, width: 1024, heads: 16, feedForward: 3072, isTied: true },
  'gemma3-1b': {
    ...gemma3,
    name: 'Gemma 3 1B',
    size: '1B',
    layers: 26,
    width: 1152,
    heads: 4,
    headsKv: 1,
    headLength: 256,
    feedForward: 6912,
    contextTokens: 32_768,
    window: 512,
  },
  'llama-3.2-1b': {
    ...llama,
    name: 'Llama 3.2 1B',
    size: '1B',
    version: '3.2',
    layers: 16,
    width: 2048,
    heads: 32,
    headLength: 64,
    feedForward: 8192,
    isTied: true,
    hasRopeFactors: true,
  },
  'qwen3-1.7b': { ...qwen3, name: 'Qwen3 1.7B', size: '1.7B', layers: 28, width: 2048, heads: 16, feedForward: 6144, isTied: true },
  'llama-3.2-3b': {
    ...llama,
    name: 'Llama 3.2 3B',
    size: '3B',
    version: '3.2',
    layers: 28,
    width: 3072,
    heads: 24,
    headLength: 128,
    feedForward: 8192,
    isTied: true,
    hasRopeFactors: true,
  },
  'gemma3-4b': {
    ...gemma3,
    name: 'Gemma 3 4B',
    size: '4B',
    layers: 34,
    width: 2560,
    heads: 8,
    headsKv: 4,
    headLength: 256,
    feedForward: 10_240,
    contextTokens: 131_072,
  },
  'qwen3-4b': { ...qwen3, name: 'Qwen3 4B', size: '4B', layers: 36, width: 2560, heads: 32, feedForward: 9728, isTied: true },
  'mistral-7b': {
    ...mistral,
    name: 'Mistral 7B',
    size: '7B',
    version: '0.3',
    layers: 32,
    width: 4096,
    feedForward: 14_336,
    vocabulary: 32_768,
    contextTokens: 32_768,
  },
  'llama-3.1-8b': {
    ...llama,
    name: 'Llama 3.1 8B',
    size: '8B',
    version: '3.1',
    layers: 32,
    width: 4096,
    heads: 32,
    headLength: 128,
    feedForward: 14_336,
    isTied: false,
    hasRopeFactors: true,
  },
  'qwen3-8b': { ...qwen3, name: 'Qwen3 8B', size: '8B', layers: 36, width: 4096, heads: 32, feedForward: 12_288, isTied: false },
  'gemma3-12b': {
    ...gemma3,
    name: 'Gemma 3 12B',
    size: '12B',
    layers: 48,
    width: 3840,
    heads: 16,
    headsKv: 8,
    headLength: 256,
    feedForward: 15_360,
    contextTokens: 131_072,
  },
  'mistral-nemo-12b': {
    ...mistral,
    name: 'Mistral Nemo',
    size: '12B',
    version: null,
    layers: 40,
    width: 5120,
    feedForward: 14_336,
    vocabulary: 131_072,
    contextTokens: 131_072,
  },
  'qwen3-14b': { ...qwen3, name: 'Qwen3 14B', size: '14B', layers: 40, width: 5120, heads: 40, feedForward: 17_408, isTied: false },
  'gpt-oss-20b': { ...gptOss, name: 'gpt-oss 20B', size: '20B', layers: 24, experts: { count: 32, used: 4, feedForward: 2880 } },
  'mistral-small-24b': {
    ...mistral,
    name: 'Mistral Small',
    size: '24B',
    version: null,
    layers: 40,
    width: 5120,
    feedForward: 32_768,
    vocabulary: 131_072,
    contextTokens: 131_072,
  },
  'gemma3-27b': {
    ...gemma3,
    name: 'Gemma 3 27B',
    size: '27B',
    layers: 62,
    width: 5376,
    heads: 32,
    headsKv: 16,
    headLength: 128,
    feedForward: 21_504,
    contextTokens: 131_072,
  },
  'qwen3-30b-a3b': {
    ...qwen3,
    name: 'Qwen3 30B A3B',
    size: '30B A3B',
    architecture: 'qwen3moe',
    layers: 48,
    width: 2048,
    heads: 32,
    headsKv: 4,
    feedForward: 6144,
    isTied: false,
    experts: { count: 128, used: 8, feedForward: 768 },
  },
  'qwen3-32b': { ...qwen3, name: 'Qwen3 32B', size: '32B', layers: 64, width: 5120, heads: 64, feedForward: 25_600, isTied: false },
  'llama-3.3-70b': {
    ...llama,
    name: 'Llama 3.3 70B',
    size: '70B',
    version: '3.3',
    layers: 80,
    width: 8192,
    heads: 64,
    headLength: 128,
    feedForward: 28_672,
    isTied: false,
    hasRopeFactors: true,
  },
  'gpt-oss-120b': { ...gptOss, name: 'gpt-oss 120B', size: '120B', layers: 36, experts: { count: 128, used: 4, feedForward: 2880 } },
  'qwen3-235b-a22b': {
    ...qwen3,
    name: 'Qwen3 235B A22B',
    size: '235B A22B',
    architecture: 'qwen3moe',
    layers: 94,
    width: 4096,
    heads: 64,
    headsKv: 4,
    feedForward: 12_288,
    isTied: false,
    experts: { count: 128, used: 8, feedForward: 1536 },
  },
} as const satisfies Record<string, ReferenceModel>;

export type ReferenceId = keyof typeof models;

/** Every known model by its id, smallest first. */
export const referenceModels: Readonly<Record<ReferenceId, ReferenceModel>> = models;
