import { fitShapeOf } from '#core/fit/fitShape.ts';
import type { FitShape } from '#core/fit/fitTypes.ts';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { problemError } from '../library/fileProblem.ts';
import { readModelHeader } from '../library/openModelFile.ts';

export interface LoadFacts {
  readonly path: string;
  /** Of all shards together. */
  readonly shape: FitShape;
  /** Bytes of all tensors in all files. */
  readonly weightBytes: number;
}

/**
 * Reads the headers of all files of an artifact, so that a bad file is refused before the engine sees it.
 * @throws {RpcError} file-missing, not-gguf, gguf-truncated, gguf-invalid, gguf-version-unsupported
 */
export async function readLoadFacts(artifact: Artifact, options: { readonly signal?: AbortSignal } = {}): Promise<LoadFacts> {
  const headers: GgufHeader[] = [];
  let weightBytes = 0;
  for (const path of artifact.files) {
    const reading = await readModelHeader(path, options);
    if (!reading.ok) throw problemError(reading.problem, { artifactId: artifact.id });
    headers.push(reading.header);
    weightBytes += reading.facts.tensorBytes;
  }
  if (headers.length === 0) throw new Error(`The artifact ${artifact.id} has no files.`);
  return { path: artifact.path, shape: fitShapeOf(headers), weightBytes };
}
