import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

const pieceBytes = 4 * 2 ** 20;

/**
 * Brings files into the system's cache. The binding loads in one step in which its process answers nobody, not even whether it lives: of a file
 * that lies in memory that step is short, and until then it can be told how far it is, and be called off.
 * @param paths those of a split model all together
 * @param options.onProgress told the share that is read, 0 to 1
 * @throws {RpcError} cancelled; and what the file system throws
 */
export async function readAhead(
  paths: readonly string[],
  options: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
): Promise<void> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  let readBytes = 0;
  for (const path of paths) {
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
      if (options.signal.aborted) throw new RpcError(pipeErrors.cancelled, 'Loading was cancelled.');
      readBytes += (piece as Buffer).length;
      options.onProgress(totalBytes > 0 ? readBytes / totalBytes : 1);
    }
  }
}

/** All files of a model: a split one names its parts by number. @param path of the first */
export function partsOf(path: string): readonly string[] {
  const count = Number(/-00001-of-(\d{5})\.gguf$/.exec(path)?.[1] ?? 1);
  if (count === 1) return [path];
  return Array.from({ length: count }, (_, index) => path.replace(/-00001-of-/, `-${String(index + 1).padStart(5, '0')}-of-`));
}
