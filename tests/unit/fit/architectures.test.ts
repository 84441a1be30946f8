import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { knownArchitectures } from '#core/fit/architectures.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { KvType } from '#core/fit/fitTypes.ts';
import { engineRows, frozenShape, machineOf, readShape } from '../../fixtures/fit/frozenTable.ts';

/** What the engine says of a made-up model of each architecture on a CPU, to a hundredth of a MiB. */
interface ArchitectureRow {
  readonly file: string;
  readonly contextTokens: number;
  readonly microBatch: number;
  readonly flashAttention: boolean;
  readonly kvType: KvType;
  readonly mebibytes: { readonly cache: number; readonly state: number; readonly compute: number };
}

const here = (path: string): string => fileURLToPath(new URL(`../../fixtures/fit/${path}`, import.meta.url));
const rows: readonly ArchitectureRow[] = readFileSync(here('architectures.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const mebibyte = 2 ** 20;

describe('an architecture', () => {
  it('is called known only where it is held against the engine', async () => {
    const files = [...new Set(engineRows.map(({ file }) => file))];
    const shapes = await Promise.all([
      ...files.map(frozenShape),
      ...[...new Set(rows.map(({ file }) => file))].map((file) => readShape(here(`architectures/${file}.gguf`))),
    ]);
    const held = new Set(shapes.map(({ architecture }) => architecture));
    expect(knownArchitectures().filter((name) => !held.has(name))).toEqual([]);
  });

  it.each(
    rows.map(
      (row) => [`${row.file} ${row.contextTokens} ${row.kvType}${row.flashAttention ? '' : ' without flash attention'}`, row] as const,
    ),
  )('is told like the engine does: %s', async (_, row) => {
    const shape = await readShape(here(`architectures/${row.file}.gguf`));
    const { bytes, isExact } = estimateFit(shape, machineOf('cpu'), {
      contextTokens: row.contextTokens,
      kvType: row.kvType,
      flashAttention: row.flashAttention,
      batchTokens: row.microBatch,
      gpuLayers: 0,
      expertsInRamLayers: 0,
      sequences: 1,
    });
    expect(isExact).toBe(true);
    const { cache, state, compute } = row.mebibytes;
    expect(Math.abs(bytes.kvCache / mebibyte - cache)).toBeLessThan(0.02);
    expect(Math.abs(bytes.recurrent / mebibyte - state)).toBeLessThan(0.02);
    // Typical layers alone may move a place in memory.
    expect(Math.abs(bytes.compute / mebibyte - compute)).toBeLessThanOrEqual(Math.max(0.02, compute * 0.02));
  });
});
