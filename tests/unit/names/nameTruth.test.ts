import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NameReading } from '#core/names/nameReading.ts';
import { readName } from '#core/names/readName.ts';

/** A real name of a repo or file with what a person says it means. A key that is left out is not known. */
interface NamedTruth {
  readonly id?: string;
  readonly file?: string;
  readonly repo?: string;
  readonly truth: Readonly<Record<string, unknown>>;
}

const rows: readonly NamedTruth[] = readFileSync(new URL('../../fixtures/names.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

/** Parameters in the list are billions. */
const weights = (count: number | null): number | null => (count === null ? null : count / 1e9);

const fields: Readonly<Record<string, (reading: NameReading) => unknown>> = {
  publisher: (reading) => reading.publisher,
  family: (reading) => reading.family,
  version: (reading) => reading.version,
  params_total: (reading) => weights(reading.parameters.total),
  params_active: (reading) => weights(reading.parameters.active),
  params_effective: (reading) => weights(reading.parameters.effective),
  quant: (reading) => reading.quant?.type ?? null,
  bits: (reading) => reading.quant?.bits ?? null,
  tune: (reading) => [...reading.tunes].sort().join(' '),
  shard_index: (reading) => reading.shard?.index ?? null,
  shard_total: (reading) => reading.shard?.total ?? null,
  is_mmproj: (reading) => reading.role === 'mmproj',
  is_imatrix: (reading) => reading.role === 'imatrix',
  is_draft: (reading) => reading.role === 'draft',
  made_with_imatrix: (reading) => reading.imatrix,
  weighted_i1: (reading) => reading.imatrix,
  dynamic: (reading) => reading.quant?.dynamic ?? false,
  context: (reading) => reading.contextTokens,
  pruned: (reading) => (reading.methods.includes('REAP') ? 'REAP' : null),
  mtp: (reading) => reading.role === 'draft' || reading.methods.includes('MTP'),
  moe: (reading) => (reading.experts === null ? null : `${reading.experts}x`),
  qat: (reading) => reading.methods.includes('QAT'),
};

function compare(input: string, truth: NamedTruth['truth'], skip: readonly string[]): { known: number; misses: string[] } {
  const reading = readName(input);
  const misses: string[] = [];
  let known = 0;
  for (const [field, read] of Object.entries(fields)) {
    if (!(field in truth) || skip.includes(field)) continue;
    known += 1;
    const wanted = wantedOf(field, truth[field]);
    const got = read(reading);
    if (got !== wanted) misses.push(`${input}: ${field} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
  }
  return { known, misses };
}

/** Tunes in any order; of `8x7B` the experts, whose size is among the parameters. */
function wantedOf(field: string, value: unknown): unknown {
  if (field === 'tune') return [...(value as string[])].sort().join(' ');
  return field === 'moe' ? String(value).replace(/x.*$/, 'x') : value;
}

function share(results: readonly { known: number; misses: string[] }[]): number {
  const known = results.reduce((sum, result) => sum + result.known, 0);
  const misses = results.flatMap((result) => result.misses);
  if (misses.length > 0) process.stderr.write(`${misses.length} of ${known} fields missed:\n${misses.join('\n')}\n`);
  return 1 - misses.length / known;
}

describe('real names with known meaning', () => {
  it('are read right in at least 99 % of their fields, given in full', () => {
    const results = rows.map(({ id, repo, file, truth }) =>
      compare(id ?? (repo === undefined ? (file ?? '') : `${repo}/${file}`), truth, []),
    );
    expect(share(results)).toBeGreaterThanOrEqual(0.99);
  });

  it('are read right in at least 99 % of their fields, given as bare file names', () => {
    const results = rows.flatMap(({ file, truth }) => (file === undefined ? [] : [compare(file, truth, ['publisher'])]));
    expect(share(results)).toBeGreaterThanOrEqual(0.99);
  });
});
