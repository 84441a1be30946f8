import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A data folder for one test. The environment keeps the engine to one thread: its threads busy-wait. */
export function makeHome(): string {
  return mkdtempSync(join(tmpdir(), 'rightsize-e2e-'));
}

/** Nobody answers there: an app under test has no hub unless the test starts one. */
export const noHub = { HF_ENDPOINT: 'http://127.0.0.1:9' } as const;

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
