import type { FitShape } from './fitTypes.ts';
import type { ModelFacts } from './modelFacts.ts';

const mebibyte = 2 ** 20;

/** Of the process without a model: its program, the engine, and the worker that renders chat templates. */
const emptyBytes = 168 * mebibyte;
/** What the first answer touches of the working space, for each element of the embedding. */
const bytesPerWidth = 10 * 1024;
/** Tokenizer tables and the copies of them that the engine and its binding make: pieces with merges, and pieces with scores alone. */
const bytesPerToken = { merged: 1250, scored: 700 } as const;
/** GGUF's names of tokenizers without merges: SentencePiece, WordPiece, Unigram, RWKV. */
const scoredTokenizers: ReadonlySet<string> = new Set(['llama', 'bert', 't5', 'rwkv', 'plamo2']);
/** Where a shape was kept without its tokenizer: families whose vocabulary is large and scored. */
const scoredArchitectures: ReadonlySet<string> = new Set(['gemma', 'gemma2', 'gemma3', 'gemma3n']);

/**
 * Resident memory of a runner's process beside weights and cache, once it has answered. Working space is reserved at its full size and touched
 * little: it is part of this, not beside it. Fitted to 76 real loads on a CPU with `mmap` off (2026-11-21): 28 of eight shapes from 1M to 3.8B and
 * 22 of eleven vocabularies of 32,000 to 262,144 pieces in this runner, 26 of four shapes in a bare Node process. 95 % within 3.1 %, the largest 6.8 %.
 */
export function processBytes({ shape, vocabulary, width }: ModelFacts): number {
  return emptyBytes + bytesPerWidth * width + (isScored(shape) ? bytesPerToken.scored : bytesPerToken.merged) * vocabulary;
}

function isScored({ tokenizer, architecture }: FitShape): boolean {
  const isKnown = tokenizer !== undefined && tokenizer !== 'no_vocab';
  return isKnown ? scoredTokenizers.has(tokenizer) : scoredArchitectures.has(architecture);
}
