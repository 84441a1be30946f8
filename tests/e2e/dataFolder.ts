import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A data folder for one test. The environment keeps the engine to one thread: its threads busy-wait. */
export function makeHome(): string {
  return mkdtempSync(join(tmpdir(), 'rightsize-e2e-'));
}

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
