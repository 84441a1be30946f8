import { describe, expect, test } from 'vitest';
import type { Artifact } from '#shared/contract/models.ts';
import { writeLargeHeader } from '../../fixtures/gguf/largeHeader.ts';
import { hubTokens, startHub } from '../../fixtures/hub/startHub.ts';
import { failure, laptop, openCatalog } from './catalogHarness.ts';

const gigabyte = 1e9;
const repo = 'unsloth/Qwen3-4B-Instruct-2507-GGUF';
const sizes = { Q2_K: 1.7, Q4_K_M: 2.5, Q6_K: 3.3, Q8_0: 4.3, BF16: 8.1 };
const virtual = Object.fromEntries(
  Object.entries(sizes).map(([type, size], index) => [
    `Qwen3-4B-Instruct-2507-${type}.gguf`,
    { size: size * gigabyte, seed: index, sha256: String(index).repeat(64) },
  ]),
);
const model = {
  tags: ['gguf', 'license:apache-2.0'],
  downloads: 12,
  likes: 3,
  gguf: { total: 4_022_468_096, architecture: 'qwen3', context_length: 262_144 },
  cardData: { license: 'apache-2.0', base_model: 'Qwen/Qwen3-4B-Instruct-2507' },
};
const card = '---\nlicense: apache-2.0\nbase_model: x\n---\n\n# Qwen3 4B\n\n---\n\nMade with care.\n';
const qwen = { files: { 'README.md': card, 'mmproj-F16.gguf': 'x' }, model: { ...model, virtual } };
const asked = { repo, revision: 'main', refresh: false };

describe('a repo of the hub', () => {
  test('shows its quants, one of them recommended, and what the hub knows of it', async () => {
    const { catalog } = openCatalog((await startHub({ [repo]: qwen })).url, { hardware: laptop });
    const found = await catalog.repo(asked);
    expect(found).toMatchObject({
      repo,
      publisher: 'unsloth',
      isTrusted: true,
      license: 'apache-2.0',
      gated: 'no',
      baseModels: ['Qwen/Qwen3-4B-Instruct-2507'],
      parameters: 4_022_468_096,
      architecture: 'qwen3',
      contextTokens: 262_144,
      isArchitectureSupported: true,
      projectors: [{ path: 'mmproj-F16.gguf' }],
      freshness: { source: 'hub', isOffline: false },
    });
    expect(found.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(found.quants.map((quant) => [quant.type, quant.quality])).toEqual([
      ['Q2_K', 'Large loss'],
      ['Q4_K_M', 'Near original'],
      ['Q6_K', 'Near original'],
      ['Q8_0', 'As original'],
      ['BF16', 'Original'],
    ]);
    const recommended = found.quants.filter((quant) => quant.recommended !== null);
    expect(recommended.map((quant) => quant.type)).toEqual(['Q6_K']);
    expect(recommended[0]?.recommended).toContain('8,192 tokens');
  });

  test('says what it cannot be sure of as unknown, and what the engine does not know', async () => {
    const sim = await startHub({
      'ada/strange-GGUF': {
        files: {},
        model: { virtual: { 'strange.gguf': { size: 1000, seed: 1 } }, gguf: { architecture: 'quantumformer' } },
      },
      'ada/bare': { files: { 'README.md': 'x' }, model: {} },
    });
    const { catalog } = openCatalog(sim.url);
    expect((await catalog.repo({ ...asked, repo: 'ada/strange-GGUF' })).isArchitectureSupported).toBe(false);
    const bare = await catalog.repo({ ...asked, repo: 'ada/bare' });
    expect(bare).toMatchObject({ isArchitectureSupported: null, parameters: null, license: null, quants: [] });
  });

  test('asks again only after ten minutes, or when told to, and then once for files that did not change', async () => {
    let now = 1_000_000;
    const sim = await startHub({ [repo]: qwen });
    const { catalog } = openCatalog(sim.url, { now: () => now });
    await catalog.repo(asked);
    sim.resetStats();
    now += 9 * 60_000;
    expect((await catalog.repo(asked)).freshness).toEqual({ source: 'cache', fetchedAt: 1_000_000, isOffline: false });
    expect(sim.stats().requests).toBe(0);
    expect((await catalog.repo({ ...asked, refresh: true })).freshness).toMatchObject({ source: 'hub', fetchedAt: now });
    expect(sim.stats().requests).toBe(1);
  });

  test('asks again where the clock was set back since', async () => {
    let now = 1_000_000;
    const sim = await startHub({ [repo]: qwen });
    const { catalog } = openCatalog(sim.url, { now: () => now });
    await catalog.repo(asked);
    now = 500_000;
    expect((await catalog.repo(asked)).freshness).toMatchObject({ source: 'hub', fetchedAt: 500_000 });
  });

  test('shows what it knew of a repo where there is no network, with its age', async () => {
    let now = 1_000_000;
    const sim = await startHub({ [repo]: qwen });
    const { catalog } = openCatalog(sim.url, { now: () => now });
    const online = await catalog.repo(asked);
    const readme = await catalog.card(online);
    await sim.close();
    now += 86_400_000;
    expect(await catalog.repo({ ...asked, refresh: true })).toEqual({
      ...online,
      freshness: { source: 'cache', fetchedAt: 1_000_000, isOffline: true },
    });
    expect((await catalog.card(online)).markdown).toBe(readme.markdown);
    expect((await failure(catalog.repo({ ...asked, repo: 'ada/other' }))).code).toBe('hub-unreachable');
  });

  test('knows which quant lies on this disk, by its content, else by file or size', async () => {
    const of = (id: string, part: Partial<Artifact>): Artifact =>
      ({ id, repo, sha256: null, provenance: null, quant: null, sizeBytes: 0, ...part }) as Artifact;
    const { catalog } = openCatalog((await startHub({ [repo]: qwen })).url, {
      artifacts: [
        of('by-content', { sha256: '0'.repeat(64) }),
        of('by-size', { quant: 'Q6_K', sizeBytes: 3.3 * gigabyte }),
        of('other-size', { quant: 'Q8_0', sizeBytes: 5 }),
      ],
    });
    const found = await catalog.repo(asked);
    expect(found.quants.map((quant) => quant.artifactId)).toEqual(['by-content', null, 'by-size', null, null]);
  });

  test('follows a repo to its new name', async () => {
    const sim = await startHub({ 'ada/old-GGUF': { model: { renamedTo: repo } }, [repo]: qwen });
    expect((await openCatalog(sim.url).catalog.repo({ ...asked, repo: 'ada/old-GGUF' })).repo).toBe(repo);
  });

  test.for([
    ['is not there', { ...asked, repo: 'ada/none' }, 'repo-not-found'],
    ['is private', { ...asked, repo: 'ada/private-GGUF' }, 'repo-not-found'],
    ['was taken down', { ...asked, repo: 'ada/disabled-GGUF' }, 'repo-disabled'],
    ['has no such branch', { ...asked, revision: 'v9' }, 'revision-not-found'],
  ] as const)('says in words that a repo %s', async ([, request, code]) => {
    const sim = await startHub({
      [repo]: qwen,
      'ada/private-GGUF': { ...qwen, model: { ...model, private: true } },
      'ada/disabled-GGUF': { ...qwen, model: { ...model, disabled: true } },
    });
    const error = await failure(openCatalog(sim.url).catalog.repo(request));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/\w+ \w+/);
  });

  test('does not hide behind an older answer that the hub has taken a repo down', async () => {
    const sim = await startHub({ [repo]: qwen });
    const { catalog } = openCatalog(sim.url);
    await catalog.repo(asked);
    await sim.put(repo, { model: { ...model, disabled: true } });
    expect((await failure(catalog.repo({ ...asked, refresh: true }))).code).toBe('repo-disabled');
  });

  test('tells whether this account may have the files of a gated repo, whose page stays readable', async () => {
    const sim = await startHub({ [repo]: { ...qwen, model: { ...qwen.model, gated: 'manual' } } });
    expect((await openCatalog(sim.url).catalog.repo(asked)).gated).toBe('manual');
    const access = (env: Record<string, string>): Promise<string> => openCatalog(sim.url, { env }).catalog.access(repo);
    expect(await access({})).toBe('token-needed');
    expect(await access({ HF_TOKEN: hubTokens.user })).toBe('licence-not-accepted');
    expect(await access({ HF_TOKEN: hubTokens.granted })).toBe('granted');
  });

  test('lists thousands of files over the pages of the tree, each quant once, split ones as one', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2500 }, (_, index) => [
        `Q4_K_M/big-Q4_K_M-${String(index + 1).padStart(5, '0')}-of-02500.gguf`,
        { size: 1_000_000, seed: index, sha256: index.toString(16).padStart(64, '0') },
      ]),
    );
    const sim = await startHub(
      { 'ada/big-GGUF': { model: { virtual: { ...files, 'big-Q8_0.gguf': { size: 5000, seed: 1 } } } } },
      { treePage: 1000 },
    );
    const found = await openCatalog(sim.url).catalog.repo({ ...asked, repo: 'ada/big-GGUF' });
    expect(found.quants.map((quant) => [quant.type, quant.files.length, quant.sizeBytes])).toEqual([
      ['Q8_0', 1, 5000],
      ['Q4_K_M', 2500, 2500 * 1_000_000],
    ]);
  });

  test('never shows a file whose name would leave its folder', async () => {
    const hostile = ['../up-Q4_K_M.gguf', '/abs-Q4_K_M.gguf', 'a\u0000b-Q4_K_M.gguf', 'x/../../y-Q4_K_M.gguf', 'good-Q4_K_M.gguf'];
    const sim = await startHub({
      'ada/hostile-GGUF': { model: { virtual: Object.fromEntries(hostile.map((name) => [name, { size: 1000, seed: 1 }])) } },
    });
    const { catalog } = openCatalog(sim.url);
    const found = await catalog.repo({ ...asked, repo: 'ada/hostile-GGUF' });
    expect(found.quants.map((quant) => quant.file)).toEqual(['good-Q4_K_M.gguf']);
    for (const file of hostile.slice(0, 4)) {
      expect((await failure(catalog.header({ repo: found.repo, commit: found.commit, file }))).code).toBe('unsafe-file-name');
    }
  });

  test('takes exact numbers from a header that was read before', async () => {
    const header = writeLargeHeader({ tokens: 100, merges: 10 });
    const sim = await startHub({ 'ada/tiny-GGUF': { files: { 'tiny-Q8_0.gguf': header } } });
    const { catalog } = openCatalog(sim.url);
    const before = await catalog.repo({ ...asked, repo: 'ada/tiny-GGUF' });
    const read = await catalog.header({ repo: before.repo, commit: before.commit, file: 'tiny-Q8_0.gguf' });
    const after = await catalog.repo({ ...asked, repo: 'ada/tiny-GGUF' });
    expect(read.bitsPerWeight).not.toBeNull();
    expect(after.quants[0]?.bitsPerWeight).toBe(read.bitsPerWeight);
    expect(after).toMatchObject({ architecture: 'llama', parameters: read.parameters, contextTokens: 32_768 });
  });
});

describe('the card of a model', () => {
  test('is Markdown without the facts in front, and kept for good with its commit', async () => {
    const sim = await startHub({ [repo]: qwen });
    const { catalog } = openCatalog(sim.url);
    const { commit } = await catalog.repo(asked);
    const first = await catalog.card({ repo, commit });
    expect(first).toMatchObject({ markdown: '# Qwen3 4B\n\n---\n\nMade with care.\n', isCut: false, freshness: { source: 'hub' } });
    await sim.close();
    expect(await catalog.card({ repo, commit })).toMatchObject({
      markdown: first.markdown,
      freshness: { source: 'cache', isOffline: false },
    });
  });

  test('is cut where it is too long, and empty where there is none', async () => {
    const sim = await startHub({ 'ada/long': { files: { 'README.md': 'x'.repeat(600_000) } }, 'ada/none': { files: { 'a.txt': 'x' } } });
    const { catalog } = openCatalog(sim.url);
    const long = await catalog.card({ repo: 'ada/long', commit: 'main' });
    expect([long.markdown.length, long.isCut]).toEqual([512_000, true]);
    expect(await catalog.card({ repo: 'ada/none', commit: 'main' })).toMatchObject({ markdown: '', isCut: false });
  });

  test('of a gated repo says what is missing', async () => {
    const sim = await startHub({ [repo]: { ...qwen, model: { ...qwen.model, gated: 'auto' } } });
    expect((await failure(openCatalog(sim.url).catalog.card({ repo, commit: 'main' }))).code).toBe('token-needed');
  });
});
