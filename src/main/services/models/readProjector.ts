import { chatErrors } from '#shared/contract/chat.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { readModelHeader } from '../library/openModelFile.ts';
import type { Projector } from './decideLoad.ts';

/**
 * Reads the header of a model's vision projector, so that a bad file is refused before the engine sees it.
 * @throws {RpcError} images-unsupported where there is none, or none that can be read
 */
export async function readProjector({ name, projectorPath }: Artifact, signal: AbortSignal | undefined): Promise<Projector> {
  if (projectorPath === null) {
    throw new RpcError(chatErrors.noVision, `${name} cannot see images: no vision projector lies beside it.`, {
      hint: 'Download the projector (mmproj) of its repo, leave the image out, or choose a model that sees.',
    });
  }
  const reading = await readModelHeader(projectorPath, signal === undefined ? {} : { signal });
  if (reading.ok) return { path: projectorPath, weightBytes: reading.facts.tensorBytes };
  throw new RpcError(chatErrors.noVision, `The vision projector of ${name} cannot be read: ${reading.problem.message}`, {
    hint: 'Download it again. The model can still be asked without images.',
  });
}
