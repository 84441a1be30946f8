import type { Artifact } from '#shared/contract/models.ts';
import { problemError } from '../library/fileProblem.ts';
import { readModelHeader } from '../library/openModelFile.ts';
import type { LoadFacts } from './decideLoad.ts';

/**
 * Reads the headers of all files of an artifact, so that a bad file is refused before the engine sees it.
 * @throws {RpcError} file-missing, not-gguf, gguf-truncated, gguf-invalid, gguf-version-unsupported
 */
export async function readLoadFacts(artifact: Artifact, options: { readonly signal?: AbortSignal } = {}): Promise<LoadFacts> {
  const readings = [];
  for (const path of artifact.files) {
    const reading = await readModelHeader(path, options);
    if (!reading.ok) throw problemError(reading.problem, { artifactId: artifact.id });
    readings.push(reading.facts);
  }
  const facts = readings[0];
  if (facts === undefined) throw new Error(`The artifact ${artifact.id} has no files.`);
  return { path: artifact.path, facts, tensorBytes: readings.reduce((total, part) => total + part.tensorBytes, 0) };
}
