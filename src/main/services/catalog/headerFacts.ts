import { fitShapeOf } from '#core/fit/fitShape.ts';
import type { FitShape } from '#core/fit/fitTypes.ts';
import { checkGgufBounds } from '#core/gguf/checkGgufBounds.ts';
import { describeGguf, type GgufFacts } from '#core/gguf/describeGguf.ts';
import { type GgufHeader, numberIn } from '#core/gguf/ggufHeader.ts';

/** What is kept of the headers of one model: plain JSON, without vocabulary, template and tensor names. */
export interface HeaderFacts {
  readonly architecture: string | null;
  readonly name: string | null;
  readonly sizeLabel: string | null;
  readonly role: string;
  /** Which part the first file is, by its own word. */
  readonly shard: GgufFacts['shard'];
  readonly quant: string | null;
  /** Weights of all parts together. */
  readonly parameters: number | null;
  readonly bitsPerWeight: number | null;
  readonly contextTokens: number | null;
  readonly license: string | null;
  readonly hasChatTemplate: boolean;
  readonly expertCount: number | null;
  /** Why the engine would refuse the files as they are, in words; null = nothing was found. */
  readonly problem: string | null;
  readonly shape: FitShape;
}

/**
 * Draws together what the headers of all parts of a model say.
 * @param parts in order, at least one
 */
export function headerFacts(parts: readonly { readonly header: GgufHeader; readonly sizeBytes: number }[]): HeaderFacts {
  const first = parts[0];
  if (first === undefined) throw new Error('A model has at least one file.');
  const described = parts.map(({ header, sizeBytes }) => describeGguf(header, { sizeBytes }));
  const facts = describeGguf(first.header, first);
  const elements = described.reduce((sum, part) => sum + part.tensorElements, 0);
  const bytes = described.reduce((sum, part) => sum + part.tensorBytes, 0);
  return {
    architecture: facts.architecture,
    name: facts.name,
    sizeLabel: facts.sizeLabel,
    role: facts.role,
    shard: facts.shard,
    quant: facts.quant,
    parameters: elements > 0 ? elements : null,
    bitsPerWeight: elements > 0 ? (bytes * 8) / elements : null,
    contextTokens: facts.contextTokens,
    license: facts.license,
    hasChatTemplate: first.header.metadata.has('tokenizer.chat_template'),
    expertCount: numberIn(first.header, `${facts.architecture}.expert_count`),
    problem:
      parts.map(({ header, sizeBytes }) => checkGgufBounds(header, { sizeBytes })?.message ?? null).find((found) => found !== null) ?? null,
    shape: fitShapeOf(parts.map(({ header }) => header)),
  };
}
