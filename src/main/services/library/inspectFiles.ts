import { type GgufFacts, listMetadata } from '#core/gguf/describeGguf.ts';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import type { Inspection } from '#shared/contract/models.ts';
import { problemError } from './fileProblem.ts';
import { readModelHeader } from './openModelFile.ts';

/**
 * Header facts of a file, or of all the files of a split one together.
 * @throws {RpcError} file-missing, not-gguf, gguf-truncated, gguf-invalid, gguf-version-unsupported
 */
export async function inspectFiles(paths: readonly string[]): Promise<Inspection> {
  const parts: { header: GgufHeader; facts: GgufFacts }[] = [];
  for (const path of paths) {
    const reading = await readModelHeader(path);
    if (!reading.ok) throw problemError(reading.problem, { path });
    parts.push(reading);
  }
  const first = parts[0];
  const path = paths[0];
  if (first === undefined || path === undefined) throw new Error('There is nothing to inspect.');
  const { facts, header } = first;
  const parameters = parts.reduce((total, part) => total + part.facts.tensorElements, 0);
  const tensorBytes = parts.reduce((total, part) => total + part.facts.tensorBytes, 0);
  return {
    path,
    sizeBytes: parts.reduce((total, part) => total + part.facts.sizeBytes, 0),
    version: header.version,
    architecture: facts.architecture,
    name: facts.name,
    quant: facts.quant,
    parameters: parameters === 0 ? null : parameters,
    contextTokens: facts.contextTokens,
    blockCount: facts.blockCount,
    embeddingLength: facts.embeddingLength,
    headCount: facts.headCount,
    headCountKv: facts.headCountKv,
    vocabularySize: facts.vocabularySize,
    license: facts.license,
    shard: facts.shard,
    tensorCount: parts.reduce((total, part) => total + part.header.tensors.length, 0),
    tensorBytes,
    bitsPerWeight: parameters === 0 ? null : (tensorBytes * 8) / parameters,
    tensorTypes: mergeTypes(parts.map((part) => part.facts.tensorTypes)),
    metadata: [...listMetadata(header)],
    chatTemplate: facts.chatTemplate,
  };
}

function mergeTypes(lists: readonly GgufFacts['tensorTypes'][]): Inspection['tensorTypes'] {
  const merged = new Map<string, { type: string; count: number; bytes: number }>();
  for (const entry of lists.flat()) {
    const known = merged.get(entry.type) ?? { type: entry.type, count: 0, bytes: 0 };
    merged.set(entry.type, { type: entry.type, count: known.count + entry.count, bytes: known.bytes + entry.bytes });
  }
  return [...merged.values()].sort((a, b) => b.bytes - a.bytes);
}
