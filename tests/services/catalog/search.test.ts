import { describe, expect, test } from 'vitest';
import type { CatalogPage, CatalogQuery } from '#shared/contract/catalog.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { type HubRepo, startHub } from '../../fixtures/hub/startHub.ts';
import { failure, laptop, openCatalog, query } from './catalogHarness.ts';

const day = 86_400_000;
const gguf = (model: Readonly<Record<string, unknown>> = {}): HubRepo => ({
  files: { 'README.md': '# Card' },
  model: { tags: ['gguf'], library_name: 'gguf', ...model },
});

const someRepos: Readonly<Record<string, HubRepo>> = {
  'unsloth/Qwen3-4B-Instruct-2507-GGUF': gguf({ downloads: 900, likes: 5, gguf: { total: 4_022_468_096 } }),
  'bartowski/Qwen3-4B-Instruct-2507-GGUF': gguf({ downloads: 700, likes: 50 }),
  'somebody/Qwen3-4B-Instruct-2507-GGUF': gguf({ downloads: 800, likes: 1, tags: ['gguf', 'license:mit'] }),
  'mlx-community/Qwen3-4B-Instruct-2507-4bit': {
    files: { 'README.md': '' },
    model: { downloads: 950, tags: ['mlx'], library_name: 'mlx' },
  },
  'unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF': gguf({ downloads: 600, gguf: { total: 30_532_122_624 } }),
  'unsloth/Kimi-K2-Instruct-GGUF': gguf({ downloads: 500, gguf: { total: 1_026_470_731_056 } }),
};

const repos = (page: CatalogPage): string[] => page.models.map((model) => model.repo);

describe('searching the hub', () => {
  test('lists GGUF repos in the order asked for, with what is known of each', async () => {
    const { catalog } = openCatalog((await startHub(someRepos)).url);
    const page = await catalog.search(query({ text: 'qwen3 4b', sort: 'downloads' }));
    expect(repos(page)).toEqual([
      'unsloth/Qwen3-4B-Instruct-2507-GGUF',
      'somebody/Qwen3-4B-Instruct-2507-GGUF',
      'bartowski/Qwen3-4B-Instruct-2507-GGUF',
    ]);
    expect(page.models[0]).toMatchObject({
      publisher: 'unsloth',
      isTrusted: true,
      downloads: 900,
      parameters: 4e9,
      isRunnable: true,
      gated: 'no',
    });
    expect(page.models[1]).toMatchObject({ isTrusted: false, license: 'mit' });
    expect(page).toMatchObject({ cursor: null, freshness: { source: 'hub', isOffline: false } });
    const byLikes = await catalog.search(query({ text: 'qwen3 4b', sort: 'likes' }));
    expect(repos(byLikes)[0]).toBe('bartowski/Qwen3-4B-Instruct-2507-GGUF');
  });

  test('marks other formats as not for this engine where they are asked for', async () => {
    const { catalog } = openCatalog((await startHub(someRepos)).url);
    const page = await catalog.search(query({ text: 'qwen3 4b', sort: 'downloads', library: 'any' }));
    expect(page.models[0]).toMatchObject({ repo: 'mlx-community/Qwen3-4B-Instruct-2507-4bit', isRunnable: false, library: 'mlx' });
    expect(page.models).toHaveLength(4);
  });

  test.for<[string, Partial<CatalogQuery>, readonly string[]]>([
    ['one publisher', { publishers: ['bartowski'] }, ['bartowski/Qwen3-4B-Instruct-2507-GGUF']],
    [
      'several publishers',
      { publishers: ['Bartowski', 'somebody'] },
      ['somebody/Qwen3-4B-Instruct-2507-GGUF', 'bartowski/Qwen3-4B-Instruct-2507-GGUF'],
    ],
    ['a licence', { license: 'mit' }, ['somebody/Qwen3-4B-Instruct-2507-GGUF']],
    [
      'trusted publishers',
      { trustedOnly: true, text: '4b' },
      ['unsloth/Qwen3-4B-Instruct-2507-GGUF', 'bartowski/Qwen3-4B-Instruct-2507-GGUF'],
    ],
    ['a kind of model', { tune: 'coder' }, ['unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF']],
    ['a size', { minParameters: 20e9, maxParameters: 40e9 }, ['unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF']],
  ])('finds only what has %s', async ([, part, expected]) => {
    const { catalog } = openCatalog((await startHub(someRepos)).url);
    expect(repos(await catalog.search(query({ sort: 'downloads', ...part })))).toEqual(expected);
  });

  test('leaves out what no quant of would fit this machine', async () => {
    const sim = await startHub(someRepos);
    const { catalog } = openCatalog(sim.url, { hardware: laptop });
    const found = repos(await catalog.search(query({ sort: 'downloads', fits: true })));
    expect(found).toContain('unsloth/Qwen3-4B-Instruct-2507-GGUF');
    expect(found).not.toContain('unsloth/Kimi-K2-Instruct-GGUF');
    expect(found).not.toContain('unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF');
    expect(sim.stats().log.at(-1)).toMatchObject({ path: expect.stringMatching(/num_parameters=max%3A\d+B(&|$)/) });
  });

  test('finds what was updated lately, and stops at the first that is older', async () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    const at = (daysAgo: number): string => new Date(now - daysAgo * day).toISOString();
    const sim = await startHub(
      Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`ada/m${index}-GGUF`, gguf({ lastModified: at(index * 10) })])),
      { page: 2 },
    );
    const { catalog } = openCatalog(sim.url, { now: () => now });
    sim.resetStats();
    const page = await catalog.search(query({ sort: 'updated', updatedWithinDays: 15 }));
    expect(repos(page)).toEqual(['ada/m0-GGUF', 'ada/m1-GGUF']);
    expect(page.cursor).toBeNull();
    expect(sim.stats().requests).toBe(2);
  });

  test('walks page by page to the end, each repo once', async () => {
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`ada/m${index}-GGUF`, gguf({ downloads: 1000 - index })]));
    const { catalog } = openCatalog((await startHub(many)).url);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: CatalogPage = await catalog.search({ ...query({ sort: 'downloads' }), cursor });
      seen.push(...repos(page));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(Object.keys(many));
  });

  test('looks on where a filter lets little through, but never through the whole hub for one page', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`${index === 59 ? 'unsloth' : 'ada'}/m${index}-GGUF`, gguf({ downloads: 1000 - index })]),
    );
    const sim = await startHub(many, { page: 5 });
    const { catalog } = openCatalog(sim.url);
    sim.resetStats();
    const first = await catalog.search(query({ sort: 'downloads', trustedOnly: true }));
    expect(first.models).toEqual([]);
    expect(first.cursor).not.toBeNull();
    expect(sim.stats().requests).toBe(5);
    const second = await catalog.search({ ...query({ sort: 'downloads', trustedOnly: true }), cursor: first.cursor });
    const third = await catalog.search({ ...query({ sort: 'downloads', trustedOnly: true }), cursor: second.cursor });
    expect(repos(third)).toEqual(['unsloth/m59-GGUF']);
    expect(third.cursor).toBeNull();
  });

  test.for([
    'somebody/Qwen3-4B-Instruct-2507-GGUF',
    'https://huggingface.co/somebody/Qwen3-4B-Instruct-2507-GGUF',
    'somebody/Qwen3-4B-Instruct-2507-GGUF:Q4_K_M',
  ])('puts the repo that %s names first, then others with the model, once each', async (text) => {
    const { catalog } = openCatalog((await startHub(someRepos)).url);
    const page = await catalog.search(query({ text, sort: 'downloads' }));
    expect(repos(page)).toEqual([
      'somebody/Qwen3-4B-Instruct-2507-GGUF',
      'unsloth/Qwen3-4B-Instruct-2507-GGUF',
      'bartowski/Qwen3-4B-Instruct-2507-GGUF',
    ]);
  });

  test('takes what is typed of a repo so far as words to search for', async () => {
    const { catalog } = openCatalog((await startHub(someRepos)).url);
    expect(repos(await catalog.search(query({ text: 'unsloth/Qwen3-4B', sort: 'downloads' })))).toEqual([
      'unsloth/Qwen3-4B-Instruct-2507-GGUF',
    ]);
  });

  test('knows which repos the library has models of', async () => {
    const artifact = { id: 'mine', repo: 'unsloth/qwen3-4b-instruct-2507-gguf', provenance: null } as Artifact;
    const { catalog } = openCatalog((await startHub(someRepos)).url, { artifacts: [artifact] });
    const page = await catalog.search(query({ text: 'qwen3 4b', sort: 'downloads' }));
    expect(page.models.map((model) => model.artifactIds)).toEqual([['mine'], [], []]);
  });

  test('gives back what it found before where the hub is gone, marked, and nothing for another query', async () => {
    let now = 1_000_000;
    const sim = await startHub(someRepos);
    const { catalog } = openCatalog(sim.url, { now: () => now });
    const online = await catalog.search(query({ text: 'qwen3 4b' }));
    sim.setFaults([{ kind: 'any', reset: true }]);
    now += 5 * day;
    const offline = await catalog.search(query({ text: ' qwen3 4b ' }));
    expect(repos(offline)).toEqual(repos(online));
    expect(offline.freshness).toEqual({ source: 'cache', fetchedAt: 1_000_000, isOffline: true });
    expect((await failure(catalog.search(query({ text: 'qwen3 4' })))).code).toBe('hub-unreachable');
  });

  test.for([
    ['has trouble', { kind: 'api', status: 503 }],
    ['has had too many requests', { kind: 'api', rateLimited: 240 }],
    ['is hidden behind a sign-in page', { kind: 'api', html: true }],
  ] as const)('gives back what it found before where the hub %s', async ([, fault]) => {
    const sim = await startHub(someRepos);
    const { catalog } = openCatalog(sim.url);
    await catalog.search(query());
    sim.setFaults([fault]);
    expect((await catalog.search(query())).freshness).toMatchObject({ source: 'cache', isOffline: true });
  });

  test('does not wait long for a hub that does not answer where an older answer is at hand', async () => {
    const sim = await startHub(someRepos);
    const { catalog } = openCatalog(sim.url, { patience: { hubMs: 20 } });
    await catalog.search(query());
    sim.setFaults([{ kind: 'api', latency: 60_000 }]);
    expect((await catalog.search(query())).freshness).toMatchObject({ source: 'cache', isOffline: true });
  });

  test('waits less for a hub that was not heard a moment ago, and believes it when it is back', async () => {
    const sim = await startHub(someRepos);
    const { catalog } = openCatalog(sim.url, { patience: { hubAgainMs: 20 } });
    await catalog.search(query());
    sim.setFaults([{ kind: 'api', reset: true }]);
    await catalog.search(query());
    sim.setFaults([{ kind: 'api', latency: 60_000 }]);
    expect((await catalog.search(query())).freshness.isOffline).toBe(true);
    sim.setFaults([]);
    // Another query has no older answer to fall back on, so it waits as long as ever.
    expect((await catalog.search(query({ text: 'qwen3' }))).freshness).toMatchObject({ source: 'hub' });
    expect((await catalog.search(query({ text: 'qwen3' }))).models).toHaveLength(4);
  });

  test('says when the hub takes requests again where nothing was kept', async () => {
    const sim = await startHub(someRepos, { faults: [{ kind: 'api', rateLimited: 240 }] });
    const error = await failure(openCatalog(sim.url).catalog.search(query()));
    expect(error).toMatchObject({ code: 'hub-rate-limited', hint: expect.stringContaining('4 min') });
  });

  test('ends at once when it is cancelled', async () => {
    const sim = await startHub(someRepos, { faults: [{ kind: 'api', latency: 60_000 }] });
    const cancel = new AbortController();
    const search = failure(openCatalog(sim.url).catalog.search(query(), { signal: cancel.signal }));
    cancel.abort();
    expect((await search) as unknown).toMatchObject({ name: 'AbortError' });
  });

  test.for(['x'.repeat(20_000), '../../etc/passwd', 'qq\u0000zz', '🦙🦙🦙', '%00%2e%2e', '{"a":1}'])('takes %j for words', async (text) => {
    const { catalog } = openCatalog((await startHub(someRepos)).url);
    expect((await catalog.search(query({ text }))).models).toEqual([]);
  });

  test('refuses a place in the list that it did not give out', async () => {
    const { catalog } = openCatalog((await startHub(someRepos)).url);
    expect((await failure(catalog.search({ ...query(), cursor: 'nonsense' }))).code).toBe('bad-input');
  });
});
