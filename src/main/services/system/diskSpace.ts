import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Space on the disk that holds a path, or that would hold it once it is made. @returns null where it cannot be told. */
export async function readDiskSpace(path: string): Promise<{ freeBytes: number; totalBytes: number } | null> {
  for (let current = path; ; current = dirname(current)) {
    try {
      const facts = await statfs(current);
      return { freeBytes: facts.bavail * facts.bsize, totalBytes: facts.blocks * facts.bsize };
    } catch {
      if (dirname(current) === current) return null;
    }
  }
}
