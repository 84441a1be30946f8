import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** Models of a thousand billion weights have about 60 parts. */
const shardLimit = 512;

/**
 * All files of the model that a file belongs to.
 * @param path of one part, or of a whole model
 * @returns the paths in order; the path alone for a whole one
 * @throws {RpcError} gguf-invalid for a number of parts that no model has
 */
export function shardPaths(path: string): readonly string[] {
  const match = /^(.*-)(\d{5})-of-(\d{5})(\.gguf)$/i.exec(path);
  const [, start = '', index = '', total = '', extension = ''] = match ?? [];
  const count = Number(total);
  if (match === null || Number(index) < 1 || Number(index) > count) return [path];
  if (count > shardLimit)
    throw new RpcError(modelErrors.invalid, `${path} says it has ${count} parts; no model has more than ${shardLimit}.`);
  return Array.from({ length: count }, (_, at) => `${start}${String(at + 1).padStart(5, '0')}-of-${total}${extension}`);
}
