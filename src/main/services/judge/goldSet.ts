import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An answer that people have judged, criterion by criterion. */
export interface GoldAnswer {
  readonly id: string;
  readonly task: string;
  readonly answer: string;
  readonly reference: string | null;
  readonly criteria: readonly { readonly criterion: string; readonly met: boolean }[];
}

export interface GoldSet {
  readonly answers: readonly GoldAnswer[];
  readonly sha256: string;
}

/**
 * Reads the judgements made by people that ship beside the suites.
 * @param suitesFolder where the suites that ship lie
 */
export function readGoldSet(suitesFolder: string): GoldSet {
  const text = readFileSync(join(suitesFolder, 'judge', 'gold.jsonl'), 'utf8');
  const answers = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GoldAnswer);
  return { answers, sha256: createHash('sha256').update(text).digest('hex') };
}
