import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeLargeHeader } from '../../fixtures/gguf/largeHeader.ts';
import { startHub, type TestHub } from '../../fixtures/hub/startHub.ts';
import { type CatalogHarness, openCatalog } from './catalogHarness.ts';

const repo = 'ada/large-GGUF';
const file = 'large-Q8_0.gguf';
const sha256 = 'ab'.repeat(32);

/** A hub with one file of 120 MB that starts with a header, and the commit it stands at. */
async function hubWith(
  header: Uint8Array,
): Promise<{ sim: TestHub; place: { repo: string; commit: string; file: string } } & CatalogHarness> {
  const model = { files: { [file]: { sha256 } } };
  const sim = await startHub({ [repo]: { files: { [file]: header }, model } });
  truncateSync(join(sim.root, repo, file), 120_000_000);
  await sim.put(repo, { model });
  const harness = openCatalog(sim.url);
  const { commit } = await harness.hub.modelInfo(repo, { revision: 'main' });
  sim.resetStats();
  return { sim, place: { repo, commit, file }, ...harness };
}

describe('reading the header of a file on the hub', () => {
  test.for([
    ['150k tokens', 151_936, 151_387],
    ['262k tokens', 262_144, 262_000],
  ] as const)('takes at most three requests and 16 MB for %s', async ([, tokens, merges]) => {
    const header = writeLargeHeader({ tokens, merges });
    const { sim, catalog, place } = await hubWith(header);
    const found = await catalog.header(place);
    expect(found).toMatchObject({ architecture: 'llama', contextTokens: 32_768, hasChatTemplate: true, sha256 });
    expect(found.requests).toBeLessThanOrEqual(3);
    expect(sim.stats().requests).toBe(found.requests);
    expect(sim.stats().bytes).toBeLessThanOrEqual(16_000_000);
  });
});
