import { once } from 'node:events';
import { truncateSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatParameters } from '#core/units.ts';
import { openRemoteFile } from '#main/services/catalog/remoteFile.ts';
import { writeLargeHeader } from '../../fixtures/gguf/largeHeader.ts';
import type { GgufToWrite } from '../../fixtures/gguf/writeGguf.ts';
import type { HubFault } from '../../fixtures/hub/hubsim.mjs';
import { hubTokens, startHub, type TestHub } from '../../fixtures/hub/startHub.ts';
import { type CatalogHarness, type CatalogTestOptions, failure, openCatalog } from './catalogHarness.ts';

const repo = 'ada/large-GGUF';
const file = 'large-Q8_0.gguf';
const sha256 = 'ab'.repeat(32);
const sizeBytes = 120_000_000;
const asked = { repo, revision: 'main', refresh: false };

interface OneFile extends CatalogHarness {
  readonly sim: TestHub;
  readonly place: { readonly repo: string; readonly commit: string; readonly file: string };
}

/** A hub with one file of 120 MB that starts with a header, and the commit it stands at. */
async function hubWith(
  header: Uint8Array,
  options: CatalogTestOptions & { readonly model?: Readonly<Record<string, unknown>>; readonly sizeBytes?: number } = {},
): Promise<OneFile> {
  const model = { files: { [file]: { sha256 } }, ...options.model };
  const sim = await startHub({ [repo]: { files: { [file]: header }, model } });
  truncateSync(join(sim.root, repo, file), options.sizeBytes ?? sizeBytes);
  await sim.put(repo, { model });
  const harness = openCatalog(sim.url, options);
  const { commit } = await harness.hub.modelInfo(repo, { revision: 'main' });
  sim.resetStats();
  return { sim, place: { repo, commit, file }, ...harness };
}

const changed = (change: (header: GgufToWrite) => GgufToWrite): Uint8Array => writeLargeHeader({ tokens: 2000, merges: 500, change });
const small = writeLargeHeader({ tokens: 2000, merges: 500 });
/** Longer than the first range. */
const medium = writeLargeHeader({ tokens: 30_000, merges: 30_000 });

describe('reading the header of a file on the hub', () => {
  test.for([
    ['150k', 151_936, 151_387],
    ['262k', 262_144, 262_000],
  ] as const)('takes at most three requests and 16 MB with a vocabulary of %s tokens', async ([, tokens, merges]) => {
    const { sim, catalog, place } = await hubWith(writeLargeHeader({ tokens, merges }));
    const found = await catalog.header(place);
    expect(found).toMatchObject({ architecture: 'llama', contextTokens: 32_768, hasChatTemplate: true, sha256 });
    expect(found.shape.vocabularySize).toBe(tokens);
    expect(found.requests).toBeLessThanOrEqual(3);
    expect(sim.stats().requests).toBe(found.requests);
    expect(sim.stats().bytes).toBeLessThanOrEqual(16_000_000);
  });

  test('takes two requests where the vocabulary is small, and says what the header says', async () => {
    const { sim, catalog, place } = await hubWith(small);
    const found = await catalog.header(place);
    expect(found).toMatchObject({ repo, file, name: 'Large header', quant: 'Q8_0', license: 'apache-2.0', expertCount: null, requests: 2 });
    expect(found.bitsPerWeight).toBeCloseTo(8.5, 0);
    expect(formatParameters(found.parameters)).toBe('150k');
    expect(sim.stats().bytes).toBeLessThanOrEqual(1_000_000);
  });

  test('tells where the name says something else than the header', async () => {
    const sim = await startHub({ 'ada/Qwen3-4B-GGUF': { files: { 'Qwen3-4B-Q4_K_M.gguf': small } } });
    const { mismatches } = await openCatalog(sim.url).catalog.header({
      repo: 'ada/Qwen3-4B-GGUF',
      commit: 'main',
      file: 'Qwen3-4B-Q4_K_M.gguf',
    });
    expect(mismatches.map((mismatch) => mismatch.field)).toEqual(['parameters', 'quant', 'family']);
    expect(mismatches[1]).toMatchObject({ name: 'Q4_K_M', header: 'Q8_0', sentence: expect.stringContaining('Q8_0') });
  });

  test('tells before the download that a file on the hub is too short', async () => {
    const sim = await startHub({ [repo]: { files: { [file]: small.subarray(0, -5000) } } });
    const { mismatches } = await openCatalog(sim.url).catalog.header({ repo, commit: 'main', file });
    expect(mismatches).toMatchObject([{ field: 'file', sentence: expect.stringContaining('bytes short') }]);
  });

  test('happens once for all who ask at the same time, and never again for the same content', async () => {
    const { sim, catalog, place } = await hubWith(small);
    const [first, second] = await Promise.all([catalog.header(place), catalog.header(place)]);
    expect(second).toEqual(first);
    expect(sim.stats().requests).toBe(first.requests);
    // The hub tells which content it is; the content itself is known.
    expect(await catalog.header(place)).toEqual({ ...first, requests: 1, bytesRead: 0 });
    await catalog.repo(asked);
    sim.resetStats();
    expect(await catalog.header(place)).toEqual({ ...first, requests: 0, bytesRead: 0 });
    expect(sim.stats().requests).toBe(0);
  });

  test('is not needed without network once it was done', async () => {
    const { sim, catalog, place } = await hubWith(small);
    await catalog.repo(asked);
    const online = await catalog.header(place);
    await sim.close();
    expect(await catalog.header(place)).toEqual({ ...online, requests: 0, bytesRead: 0 });
  });

  test('happens once more where an older Rightsize kept it without the types of its values, and does without network as it is', async () => {
    const { sim, catalog, place, database } = await hubWith(small);
    await catalog.repo(asked);
    const { shape } = await catalog.header(place);
    expect(shape.hyperparameterTypes).toMatchObject({ block_count: 'uint32' });
    const forgetTypes = (): unknown =>
      database.run("UPDATE remote_headers SET header = json_remove(header, '$.shape.hyperparameterTypes')");
    forgetTypes();
    expect((await catalog.header(place)).shape).toEqual(shape);
    expect(await catalog.header(place)).toMatchObject({ requests: 0, shape });
    forgetTypes();
    await sim.close();
    const { hyperparameterTypes: _, ...older } = shape;
    expect((await catalog.header(place)).shape).toEqual(older);
  });

  test('goes on for others when one of those who asked leaves, and ends with the last', async () => {
    const { sim, catalog, place } = await hubWith(medium);
    sim.setFaults([{ kind: 'cdn', throttle: 4_000_000, times: 1 }]);
    const leaves = new AbortController();
    const left = failure(catalog.header(place, { signal: leaves.signal }));
    const stays = catalog.header(place);
    leaves.abort();
    expect((await left) as unknown).toMatchObject({ name: 'AbortError' });
    expect((await stays).name).toBe('Large header');
  });

  test('ends its requests when nobody waits any more', async () => {
    const { sim, catalog, place } = await hubWith(medium);
    sim.setFaults([{ kind: 'cdn', stall: { after: 1000, ms: 'forever' } }]);
    const leaves = new AbortController();
    const reading = failure(catalog.header(place, { signal: leaves.signal }));
    await expect.poll(() => sim.stats().byKind['cdn'] ?? sim.stats().bytes, { timeout: 20_000 }).toBeGreaterThan(0);
    leaves.abort();
    await reading;
    await expect.poll(() => sim.stats().clientAborts, { timeout: 20_000 }).toBeGreaterThan(0);
  });

  test('puts the tensors of all parts of a split model together', async () => {
    const split = 'ada/split-GGUF';
    const part = (index: number): string => `Q8_0/split-Q8_0-0000${index}-of-00003.gguf`;
    const header = (index: number): Uint8Array => writeLargeHeader({ tokens: 500, merges: 10, layers: 6, shard: { index, total: 3 } });
    const whole = writeLargeHeader({ tokens: 500, merges: 10, layers: 6 });
    const sim = await startHub({
      [split]: { files: { [part(1)]: header(1), [part(2)]: header(2), [part(3)]: header(3) } },
      'ada/whole-GGUF': { files: { 'whole-Q8_0.gguf': whole } },
    });
    const { catalog } = openCatalog(sim.url);
    const found = await catalog.header({ repo: split, commit: 'main', file: part(2) });
    const same = await catalog.header({ repo: 'ada/whole-GGUF', commit: 'main', file: 'whole-Q8_0.gguf' });
    expect(found).toMatchObject({ file: part(1), sha256: null, parameters: same.parameters, contextTokens: 32_768, mismatches: [] });
    const bytes = (shape: typeof found.shape): number =>
      shape.tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
    expect(bytes(found.shape)).toBe(bytes(same.shape));
  });

  test('says which part of a split model the repo lacks', async () => {
    const part = (index: number): string => `split-Q8_0-0000${index}-of-00002.gguf`;
    const sim = await startHub({
      [repo]: { files: { [part(1)]: writeLargeHeader({ tokens: 10, merges: 1, shard: { index: 1, total: 2 } }) } },
    });
    const error = await failure(openCatalog(sim.url).catalog.header({ repo, commit: 'main', file: part(1) }));
    expect(error).toMatchObject({ code: 'shard-missing', message: expect.stringContaining(part(2)) });
  });
});

describe('a hub that fails while a header is read', () => {
  test.for<[string, HubFault]>([
    ['drops the connection', { kind: 'cdn', drop: 300_000, times: 2 }],
    ['cuts it before any answer', { kind: 'cdn', reset: true, times: 2 }],
    ['sends too little', { kind: 'cdn', short: { bytes: 5000, mode: 'chunked' }, times: 1 }],
    ['has trouble for a moment', { kind: 'cdn', status: 503, times: 2 }],
    ['lets an address expire', { kind: 'cdn', expireUrl: true, times: 1 }],
    ['lets every other address expire', { kind: 'cdn', expireUrl: true, every: 2 }],
  ])('is asked on from where it stopped when it %s', async ([, fault]) => {
    const { sim, catalog, place } = await hubWith(medium);
    sim.setFaults([fault]);
    const found = await catalog.header(place);
    expect(found).toMatchObject({ name: 'Large header', contextTokens: 32_768 });
    expect(found.shape.vocabularySize).toBe(30_000);
  });

  test('is followed where its storage sends on, without the token', async () => {
    const { sim, place, hub } = await hubWith(small, { env: { HF_TOKEN: hubTokens.granted } });
    const { url } = await hub.resolve({ repo, revision: place.commit, path: file });
    const seen: (string | undefined)[] = [];
    const sender = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: url }).end();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void sender.close());
    await once(sender, 'listening');
    const { port } = sender.address() as AddressInfo;
    const source = openRemoteFile(
      {
        ...(await hub.resolve({ repo, revision: place.commit, path: file })),
        url: `http://127.0.0.1:${port}/`,
        headers: { authorization: 'x' },
      },
      { hub, patience: { silenceMs: 30_000, delaysMs: [] }, now: Date.now },
    );
    expect(
      Buffer.from(await source.read(0, 4))
        .subarray(0, 4)
        .toString(),
    ).toBe('GGUF');
    source.close();
    expect(seen).toEqual(['x']);
    expect(sim.stats().cdnAuthLeaks).toBe(0);
  });

  test('is asked again when it falls silent', async () => {
    const { sim, catalog, place } = await hubWith(medium, { patience: { silenceMs: 500 } });
    sim.setFaults([{ kind: 'cdn', stall: { after: 200_000, ms: 'forever' }, times: 1 }]);
    expect((await catalog.header(place)).name).toBe('Large header');
  });

  test.for<[string, HubFault, string]>([
    ['ignores ranges', { kind: 'cdn', ignoreRange: true }, 'hub-answer-invalid'],
    ['answers another range', { kind: 'cdn', badRange: 7 }, 'hub-answer-invalid'],
    ['lies about the length', { kind: 'cdn', short: { bytes: 5000, mode: 'lie' } }, 'hub-answer-invalid'],
    ['sends a sign-in page', { kind: 'cdn', html: true }, 'hub-not-itself'],
    ['keeps refusing the address', { kind: 'cdn', expireUrl: true }, 'access-denied'],
    ['is broken for longer', { kind: 'cdn', status: 502 }, 'hub-down'],
    ['limits requests for minutes', { kind: 'cdn', rateLimited: 240 }, 'hub-rate-limited'],
    ['drops every connection', { kind: 'cdn', drop: 10 }, 'hub-unreachable'],
  ])('is refused in words, and soon, when it %s', async ([, fault, code]) => {
    const { sim, catalog, place } = await hubWith(medium);
    sim.setFaults([fault]);
    const error = await failure(catalog.header(place));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/\w+ \w+.*\.$/);
    expect(sim.stats().bytes).toBeLessThan(12_000_000);
    expect(sim.stats().requests).toBeLessThan(30);
  });

  test('is not believed when the file changes between two addresses', async () => {
    const { sim, catalog, place } = await hubWith(medium);
    sim.setFaults([
      { kind: 'resolve', etagChange: true },
      { kind: 'cdn', expireUrl: true, times: 1 },
    ]);
    expect((await failure(catalog.header(place))).code).toBe('hub-answer-invalid');
  });

  test('gives the token to nobody but itself', async () => {
    const { sim, catalog, place, logged } = await hubWith(medium, { env: { HF_TOKEN: hubTokens.granted }, model: { gated: 'auto' } });
    sim.setFaults([{ kind: 'cdn', status: 500 }]);
    await failure(catalog.header(place));
    sim.setFaults([{ kind: 'cdn', expireUrl: true, times: 1 }]);
    await catalog.header(place);
    expect(sim.stats().cdnAuthLeaks).toBe(0);
    expect(logged.join('\n')).not.toContain(hubTokens.granted);
  });

  test.for([
    ['without a token', {}, 'token-needed'],
    ['without having accepted the licence', { HF_TOKEN: hubTokens.user }, 'licence-not-accepted'],
  ] as const)('says what a gated file asks for %s', async ([, env, code]) => {
    const { catalog, place } = await hubWith(small, { env, model: { gated: 'auto' } });
    expect((await failure(catalog.header(place))).code).toBe(code);
  });
});

describe('a hostile header on the hub', () => {
  test.for<[string, (header: GgufToWrite) => GgufToWrite, string]>([
    ['claims 10^18 tensors', (header) => ({ ...header, claimedTensors: 10n ** 18n }), 'gguf-invalid'],
    ['claims 10^18 metadata entries', (header) => ({ ...header, claimedMetadata: 10n ** 18n }), 'gguf-invalid'],
    [
      'claims an array longer than the file',
      (header) => ({
        ...header,
        metadata: [['x', { type: 'array', of: 'string', values: [], claimedLength: 2 ** 40 }], ...header.metadata],
      }),
      'gguf-invalid',
    ],
    [
      'claims a text longer than the file',
      (header) => ({ ...header, metadata: [['x', { type: 'string', value: 'x', claimedBytes: 10 ** 15 }], ...header.metadata] }),
      'gguf-invalid',
    ],
    ['is of an unknown version', (header) => ({ ...header, version: 77 }), 'gguf-version-unsupported'],
  ])('is refused after one range when it %s', async ([, change, code]) => {
    const { sim, catalog, place } = await hubWith(changed(change));
    const error = await failure(catalog.header(place));
    expect(error.code).toBe(code);
    expect(error.message).toContain(file);
    expect(sim.stats().bytes).toBeLessThanOrEqual(1_000_000);
  });

  test('is not followed through the whole file when its strings go on for 100 MB', async () => {
    const endless = changed((header) => ({
      ...header,
      metadata: [['x', { type: 'array', of: 'string', values: [], claimedLength: 12_000_000 }], ...header.metadata],
      tensors: [],
    }));
    const { sim, catalog, place } = await hubWith(endless.subarray(0, 60));
    expect((await failure(catalog.header(place))).code).toBe('gguf-invalid');
    expect(sim.stats().bytes).toBeLessThanOrEqual(70_000_000);
  });

  test.for([
    ['no GGUF', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1'), undefined, 'not-gguf'],
    ['cut within its header', medium, 900_000, 'gguf-truncated'],
  ] as const)('of a file that is %s says so', async ([, bytes, size, code]) => {
    const { catalog, place } = await hubWith(bytes, size === undefined ? {} : { sizeBytes: size });
    expect((await failure(catalog.header(place))).code).toBe(code);
  });

  test('is not trusted with a number of parts that no model has', async () => {
    const sim = await startHub({ [repo]: { files: { 'a.txt': 'x' } } });
    sim.resetStats();
    const { catalog } = openCatalog(sim.url);
    expect((await failure(catalog.header({ repo, commit: 'main', file: 'x-00001-of-99999.gguf' }))).code).toBe('gguf-invalid');
    expect(sim.stats().requests).toBe(0);
  });
});
