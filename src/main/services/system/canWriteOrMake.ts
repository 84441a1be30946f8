import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whether files could be put into a folder: it can be written, or the nearest one above it that exists can. Makes nothing. */
export async function canWriteOrMake(folder: string): Promise<boolean> {
  for (let current = folder; ; current = dirname(current)) {
    try {
      if (!(await stat(current)).isDirectory()) return false;
      await access(current, constants.W_OK | constants.X_OK);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(current) === current) return false;
    }
  }
}
