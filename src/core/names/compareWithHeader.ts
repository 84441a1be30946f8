import type { GgufFacts } from '../gguf/describeGguf.ts';
import { canonicalQuantLabel, type QuantType, quantTypeOf } from '../quant/quantTypes.ts';
import { billions } from './countParameters.ts';
import { familyOfId } from './families.ts';
import type { NameParameters, NameReading, NameSegment, QuantReading } from './nameReading.ts';
import { sentenceFor } from './sentence.ts';

/** Something that a file's header contradicts. */
export interface HeaderMismatch {
  readonly field: 'parameters' | 'quant' | 'family' | 'role' | 'shard';
  /** What the name says. */
  readonly name: string;
  /** What is true. */
  readonly header: string;
  readonly sentence: string;
}

/** What of a header is compared. */
export type HeaderClaims = Pick<GgufFacts, 'architecture' | 'role' | 'quant' | 'parameters' | 'contextTokens' | 'shard' | 'bitsPerWeight'>;

export interface HeaderComparison {
  readonly corrected: NameReading;
  readonly mismatches: readonly HeaderMismatch[];
}

/** Names round and leave embeddings out: "30B" has 30.5e9 weights, "0.6B" 0.75e9, "E2B" 4.6e9. */
const sizeTolerance = 0.3;
/** Small models are named without their embeddings, which are a good part of them. */
const embeddingAllowance = 0.2e9;
/** Dynamic quants mix types, and the header names but one of them. */
const dynamicBitTolerance = 1;

/**
 * Compares what a name says with a file's header. The header wins.
 * @param reading of the name
 * @param facts of the header; of a split file its first shard's, whose parameters are unknown
 * @returns the reading with exact numbers, and what the name had wrong; roundings are not wrong
 */
export function compareWithHeader(reading: NameReading, facts: HeaderClaims): HeaderComparison {
  const mismatches = [
    sizeMismatch(reading, facts),
    quantMismatch(reading, facts),
    familyMismatch(reading, facts),
    roleMismatch(reading, facts),
    shardMismatch(reading, facts),
  ].filter((mismatch) => mismatch !== null);
  const parameters = correctedParameters(reading, facts);
  const corrected = {
    ...reading,
    parameters,
    quant: correctedQuant(
      reading,
      facts,
      mismatches.some(({ field }) => field === 'quant'),
    ),
    role: facts.role === 'mmproj' || facts.role === 'adapter' || facts.role === 'imatrix' ? facts.role : reading.role,
    shard: facts.shard ?? reading.shard,
    contextTokens: facts.contextTokens ?? reading.contextTokens,
    segments: reading.segments.map((segment) => withExactSize(segment, parameters)),
  } satisfies NameReading;
  return { corrected: { ...corrected, sentence: sentenceFor(corrected) }, mismatches };
}

function correctedParameters({ parameters, role }: NameReading, facts: HeaderClaims): NameParameters {
  return facts.parameters === null || role !== 'model' ? parameters : { ...parameters, total: facts.parameters };
}

/** The size of the whole is what a reader looks for; what is active is in no header. */
function withExactSize(segment: NameSegment, { total }: NameParameters): NameSegment {
  const isTotal = segment.kind === 'size' && segment.meaning?.endsWith(' parameters') === true;
  return isTotal && total !== null ? { ...segment, meaning: `${exact(total)} parameters` } : segment;
}

function sizeMismatch({ parameters, role }: NameReading, facts: HeaderClaims): HeaderMismatch | null {
  const { total, effective } = parameters;
  if (total === null || effective !== null || facts.parameters === null || role !== 'model') return null;
  const difference = Math.abs(facts.parameters - total) / Math.max(total, facts.parameters);
  if (difference <= sizeTolerance || Math.abs(facts.parameters - total) <= Math.min(embeddingAllowance, total / 2)) return null;
  const [name, header] = [billions(total), exact(facts.parameters)];
  return { field: 'parameters', name, header, sentence: `The name says ${name} parameters, the file holds ${header}.` };
}

function quantMismatch({ quant }: NameReading, facts: HeaderClaims): HeaderMismatch | null {
  const stored = facts.quant === null ? null : quantTypeOf(facts.quant);
  if (!quant || !stored || agrees(quant, stored)) return null;
  return {
    field: 'quant',
    name: quant.label,
    header: stored.label,
    sentence: `The name says ${quant.label}, the file is stored as ${stored.label}.`,
  };
}

/** Packagers' sizes count as the type they build on: a `Q6_K_L` file calls itself `Q6_K`. */
function agrees(quant: QuantReading, stored: QuantType): boolean {
  if (quant.type === canonicalQuantLabel(stored)) return true;
  if (quant.dynamic) return Math.abs(quant.bits - stored.bits) <= dynamicBitTolerance;
  const isSameBase = quant.bits === stored.bits && quant.scheme === stored.scheme;
  const isRecipe = quant.bitsPerWeight === null;
  const isOtherName = quant.type.startsWith(`${stored.label}_`) || stored.label.startsWith(`${quant.type}_`);
  return isSameBase && (isRecipe || isOtherName);
}

function correctedQuant({ quant }: NameReading, facts: HeaderClaims, isWrong: boolean): QuantReading | null {
  const stored = facts.quant === null ? null : quantTypeOf(facts.quant);
  const measured = facts.shard === null ? facts.bitsPerWeight : null;
  if (quant && !isWrong) return { ...quant, bitsPerWeight: measured ?? quant.bitsPerWeight };
  if (!stored) return quant;
  return {
    type: canonicalQuantLabel(stored),
    label: stored.label,
    bits: stored.bits,
    bitsPerWeight: measured ?? stored.bitsPerWeight,
    scheme: stored.scheme,
    imatrix: quant?.imatrix ?? false,
    dynamic: false,
  };
}

/** Only families whose own models all have an architecture of theirs can be wrong: a distilled one is built on another. */
function familyMismatch({ family, role, methods }: NameReading, facts: HeaderClaims): HeaderMismatch | null {
  const known = family === null ? null : familyOfId(family);
  const { architecture } = facts;
  if (!known?.architectures || architecture === null || role !== 'model' || methods.includes('distilled') || methods.includes('merged'))
    return null;
  const lower = architecture.toLowerCase();
  if (known.architectures.some((start) => lower.startsWith(start))) return null;
  return {
    field: 'family',
    name: known.title,
    header: architecture,
    sentence: `The name says ${known.title}, the file’s architecture is ${architecture}.`,
  };
}

function roleMismatch({ role }: NameReading, facts: HeaderClaims): HeaderMismatch | null {
  const isPart = facts.role === 'mmproj' || facts.role === 'adapter' || facts.role === 'imatrix';
  if (isPart === (role === 'mmproj' || role === 'adapter' || role === 'imatrix') || (!isPart && facts.role !== 'model')) return null;
  return { field: 'role', name: role, header: facts.role, sentence: `The name says ${role}, the file is a ${facts.role}.` };
}

function shardMismatch({ shard }: NameReading, facts: HeaderClaims): HeaderMismatch | null {
  if (!facts.shard || !shard || (facts.shard.index === shard.index && facts.shard.total === shard.total)) return null;
  const [name, header] = [shard, facts.shard].map(({ index, total }) => `part ${index} of ${total}`) as [string, string];
  return { field: 'shard', name, header, sentence: `The name says ${name}, the file is ${header}.` };
}

/** One decimal more than names have: `30.5B`, `4.0B`. */
function exact(parameters: number): string {
  return billions(Number(parameters.toPrecision(3)));
}
