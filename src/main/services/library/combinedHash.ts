import { createHash } from 'node:crypto';

/**
 * What an artifact is known by: the sha256 of its only file, or of its files' hashes in order, one a line.
 * @param hashes lower case hex, the first shard's first
 */
export function combinedHash(hashes: readonly string[]): string {
  const [only] = hashes;
  if (hashes.length === 1 && only !== undefined) return only;
  return createHash('sha256').update(hashes.join('\n')).digest('hex');
}
