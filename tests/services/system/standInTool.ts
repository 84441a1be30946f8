import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporaryFolder.ts';

export interface StandInTool {
  /** To be the PATH. */
  readonly folder: string;
  /** Of every process that ran it, oldest first. */
  pids(): number[];
  /** What each was called with. */
  calls(): string[];
}

/** A shell script in the place of a system tool, in a folder of its own. */
export function standInTool(name: string, script: string): StandInTool {
  const folder = temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "$$ $*" >> '${join(folder, 'calls')}'\n${script}\n`);
  chmodSync(path, 0o755);
  const lines = (): string[] => {
    const file = join(folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  return {
    folder,
    pids: () => lines().map((line) => Number(line.split(' ')[0])),
    calls: () => lines().map((line) => line.slice(line.indexOf(' ') + 1)),
  };
}

/** Whether a process is there, be it as a zombie that nobody has taken leave of. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
