import { statfsSync } from 'node:fs';

/** Space on the disk of the database, read at once: this is the disk that the app is writing to anyway. */
export function diskOf(path: string): { freeBytes: number; totalBytes: number } | null {
  try {
    const facts = statfsSync(path);
    return { freeBytes: facts.bavail * facts.bsize, totalBytes: facts.blocks * facts.bsize };
  } catch {
    return null;
  }
}
