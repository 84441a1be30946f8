import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HubListQuery } from '#main/services/hub/hubClient.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import { hubTokens, startHub } from '../../fixtures/hub/startHub.ts';
import { openHub } from './hubHarness.ts';

const bigFile = { size: 20_000_000, seed: 3 };
const model = { files: { 'README.md': '# Card\n', 'config.json': '{}' }, model: { virtual: { 'm-Q4_K_M.gguf': bigFile } } };
const everything: HubListQuery = {
  search: '',
  author: null,
  tags: [],
  sort: 'downloads',
  minParameters: null,
  maxParameters: null,
  limit: 2,
};
const file = { repo: 'ada/model-GGUF', revision: 'main', path: 'm-Q4_K_M.gguf' };
const gated = { ...model, model: { ...model.model, gated: 'auto' } };

describe('asking the hub', () => {
  test('walks a list page by page to its end', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const sim = await startHub(
      Object.fromEntries(names.map((name, index) => [`ada/${name}`, { ...model, model: { downloads: 100 - index } }])),
    );
    const hub = openHub(sim.url);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof hub.listModels>> = await hub.listModels(everything, { cursor });
      seen.push(...page.models.map((row) => row.repo));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(names.map((name) => `ada/${name}`));
  });

  test('tells commit, licence and gate of a model, and lists its files with hashes', async () => {
    const sim = await startHub({
      'ada/model-GGUF': { ...gated, model: { ...gated.model, cardData: { license: 'apache-2.0', base_model: 'ada/model' } } },
    });
    const hub = openHub(sim.url);
    const info = await hub.modelInfo('ada/model-GGUF', { revision: 'main' });
    expect(info).toMatchObject({ repo: 'ada/model-GGUF', gated: 'auto', license: 'apache-2.0', baseModels: ['ada/model'] });
    const files = await hub.listFiles('ada/model-GGUF', { commit: info.commit });
    expect(files.map((entry) => entry.path).sort()).toEqual(['README.md', 'config.json', 'm-Q4_K_M.gguf']);
    expect(files.find((entry) => entry.path.endsWith('.gguf'))).toMatchObject({ sizeBytes: bigFile.size, gitSha1: null });
    expect(files.find((entry) => entry.path.endsWith('.gguf'))?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(files.find((entry) => entry.path === 'README.md')?.gitSha1).toMatch(/^[0-9a-f]{40}$/);
  });

  test('follows the pages of a tree with thousands of files', async () => {
    const files = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`part/${index}.txt`, 'x']));
    const sim = await startHub({ 'ada/many': { files } }, { treePage: 10 });
    expect(await openHub(sim.url).listFiles('ada/many', { commit: 'main' })).toHaveLength(45);
  });

  test('reads a card, says when it is cut, and null when there is none', async () => {
    const sim = await startHub({ 'ada/model-GGUF': { files: { 'README.md': 'x'.repeat(5000) } } });
    const hub = openHub(sim.url);
    const at = { repo: 'ada/model-GGUF', commit: 'main' };
    expect(await hub.readText({ ...at, path: 'README.md' }, { limitBytes: 10_000 })).toEqual({ text: 'x'.repeat(5000), isCut: false });
    expect(await hub.readText({ ...at, path: 'README.md' }, { limitBytes: 100 })).toEqual({ text: 'x'.repeat(100), isCut: true });
    expect(await hub.readText({ ...at, path: 'NONE.md' }, { limitBytes: 100 })).toBeNull();
  });

  test('resolves a large file in one request: hash, size, commit and a signed address that carries no token', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model });
    const hub = openHub(sim.url, { env: { HF_TOKEN: hubTokens.granted } });
    sim.resetStats();
    const found = await hub.resolve(file);
    expect(sim.stats().requests).toBe(1);
    expect(found).toMatchObject({ sizeBytes: bigFile.size, gitSha1: null, headers: {}, path: file.path });
    expect(found.sha256).toBe(found.etag);
    expect(found.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(found.url.startsWith(sim.cdn)).toBe(true);
    expect(found.expiresAt).toBeGreaterThan(Date.now());
  });

  test('resolves a small git file on the hub itself, by its git hash', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model });
    const found = await openHub(sim.url, { env: { HF_TOKEN: hubTokens.user } }).resolve({ ...file, path: 'config.json' });
    expect(found).toMatchObject({ sizeBytes: 2, sha256: null, headers: { authorization: `Bearer ${hubTokens.user}` } });
    expect(found.gitSha1).toMatch(/^[0-9a-f]{40}$/);
  });

  test('follows a renamed repo', async () => {
    const sim = await startHub({ 'ada/new-GGUF': model, 'ada/old-GGUF': { model: { renamedTo: 'ada/new-GGUF' } } });
    const hub = openHub(sim.url);
    expect((await hub.modelInfo('ada/old-GGUF', { revision: 'main' })).repo).toBe('ada/new-GGUF');
    expect((await hub.resolve({ ...file, repo: 'ada/old-GGUF' })).sizeBytes).toBe(bigFile.size);
  });
});

describe('what the hub refuses', () => {
  const cases = [
    { name: 'a repo that is not there, without a token', repo: 'ada/none', token: undefined, code: hubErrors.repoNotFound },
    { name: 'a repo that is not there, with a token', repo: 'ada/none', token: hubTokens.user, code: hubErrors.repoNotFound },
    { name: 'a gated file without a token', repo: 'ada/gated', token: undefined, code: hubErrors.tokenNeeded },
    { name: 'a gated file whose licence was not accepted', repo: 'ada/gated', token: hubTokens.user, code: hubErrors.licenceNotAccepted },
    { name: 'a token that the hub does not know', repo: 'ada/model-GGUF', token: 'hf_wrong', code: hubErrors.tokenInvalid },
    { name: 'a private repo of somebody else', repo: 'ada/private', token: hubTokens.user, code: hubErrors.repoNotFound },
    { name: 'a repo that was taken down', repo: 'ada/gone', token: undefined, code: hubErrors.gone },
  ];
  test.each(cases)('is told in words: $name', async ({ repo, token, code }) => {
    const sim = await startHub({
      'ada/model-GGUF': model,
      'ada/gated': gated,
      'ada/private': { ...model, model: { ...model.model, private: true } },
      'ada/gone': { ...model, model: { ...model.model, disabled: true } },
    });
    const hub = openHub(sim.url, { env: { HF_TOKEN: token } });
    const failure = await hub.resolve({ ...file, repo }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(String((failure as Error).message)).toContain(code === hubErrors.tokenInvalid ? 'token' : repo);
    expect(hub.logged.join('\n')).not.toContain('hf_');
  });

  test('lets an account in that was granted access', async () => {
    const sim = await startHub({ 'ada/gated': gated });
    const hub = openHub(sim.url, { env: { HF_TOKEN: hubTokens.granted } });
    expect((await hub.resolve({ ...file, repo: 'ada/gated' })).sizeBytes).toBe(bigFile.size);
    expect(await hub.checkAccess('ada/gated')).toBe('granted');
  });

  test.each([
    { token: undefined, repo: 'ada/gated', access: 'token-needed' },
    { token: hubTokens.user, repo: 'ada/gated', access: 'licence-not-accepted' },
    { token: undefined, repo: 'ada/model-GGUF', access: 'open' },
  ])('knows the access of $token to $repo: $access', async ({ token, repo, access }) => {
    const sim = await startHub({ 'ada/gated': gated, 'ada/model-GGUF': model });
    expect(await openHub(sim.url, { env: { HF_TOKEN: token } }).checkAccess(repo)).toBe(access);
  });

  test('a revision and a file that are not there have codes of their own', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model });
    const hub = openHub(sim.url);
    await expect(hub.resolve({ ...file, revision: 'none' })).rejects.toMatchObject({ code: hubErrors.revisionNotFound });
    await expect(hub.resolve({ ...file, path: 'none.gguf' })).rejects.toMatchObject({ code: hubErrors.fileNotFound });
  });
});

describe('a hub in trouble', () => {
  test('is asked again after a broken answer and a dropped connection', async () => {
    const sim = await startHub(
      { 'ada/model-GGUF': model },
      {
        faults: [
          { kind: 'resolve', status: 503, times: 1 },
          { kind: 'resolve', reset: true, skip: 1, times: 1 },
        ],
      },
    );
    expect((await openHub(sim.url).resolve(file)).sizeBytes).toBe(bigFile.size);
  });

  test('that stays broken ends in an error that says so', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model }, { faults: [{ kind: 'any', status: 502 }] });
    await expect(openHub(sim.url).resolve(file)).rejects.toMatchObject({ code: hubErrors.down });
    expect(sim.stats().requests).toBe(3);
  });

  test('that limits for a moment is waited for, without Retry-After too', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model }, { faults: [{ kind: 'api', rateLimited: 0, noRetryAfter: true, times: 1 }] });
    expect((await openHub(sim.url).modelInfo('ada/model-GGUF', { revision: 'main' })).repo).toBe('ada/model-GGUF');
  });

  test('that limits for minutes says when it takes requests again', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model }, { faults: [{ kind: 'api', rateLimited: 240 }] });
    const failure = await openHub(sim.url)
      .modelInfo('ada/model-GGUF', { revision: 'main' })
      .catch((error: unknown) => error as { code: string; hint: string; data: { retryAt: number } });
    expect(failure).toMatchObject({ code: hubErrors.rateLimited, hint: expect.stringContaining('4 min') });
    expect(sim.stats().requests).toBe(1);
  });

  test('is told from a captive portal', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model }, { faults: [{ kind: 'any', html: true }] });
    const hub = openHub(sim.url);
    await expect(hub.resolve(file)).rejects.toMatchObject({ code: hubErrors.notTheHub });
    await expect(hub.listModels(everything, { cursor: null })).rejects.toMatchObject({ code: hubErrors.notTheHub });
  });

  test('that is not there is unreachable, with a hint', async () => {
    const sim = await startHub({});
    await sim.close();
    await expect(openHub(sim.url).listModels(everything, { cursor: null })).rejects.toMatchObject({
      code: hubErrors.unreachable,
      hint: expect.stringContaining('network'),
    });
  });

  test('is let go at once when the question is withdrawn', async () => {
    const sim = await startHub({ 'ada/model-GGUF': model }, { faults: [{ kind: 'any', latency: 600_000 }] });
    const withdrawn = new AbortController();
    const question = openHub(sim.url).listModels(everything, { cursor: null, signal: withdrawn.signal });
    withdrawn.abort(new Error('typed on'));
    await expect(question).rejects.toThrow('typed on');
  });

  test.each([
    ['no JSON', 'text'],
    ['no list', '{"error":"x"}'],
    [
      'a list of nonsense',
      '[1,null,{"id":"../../etc"},{"id":"../etc"},{"id":"ada/.."},{"id":"ada/good","downloads":-5,"likes":"many","gated":7}]',
    ],
  ])('that answers with %s harms nothing', async (kind, body) => {
    const hub = openHub(await answeringServer(() => ({ body })));
    const answer = hub.listModels(everything, { cursor: null });
    if (kind !== 'a list of nonsense') return await expect(answer).rejects.toMatchObject({ code: hubErrors.badAnswer });
    expect((await answer).models).toEqual([expect.objectContaining({ repo: 'ada/good', downloads: null, likes: null, gated: 'no' })]);
  });

  test('that sends a body without end is given up', async () => {
    const url = await answeringServer((_, response) => {
      response.write('[');
      return undefined;
    });
    const hub = openHub(url, { retry: { delaysMs: [], longestLimitMs: 0, longestAnswerMs: 100 } });
    await expect(hub.listModels(everything, { cursor: null })).rejects.toMatchObject({ code: hubErrors.badAnswer });
  });

  test('that compresses what was not to be compressed is told so', async () => {
    const asked: unknown[] = [];
    const url = await answeringServer((request) => {
      asked.push(request.headers['accept-encoding']);
      return { headers: { 'content-encoding': 'gzip' }, body: 'packed' };
    });
    const card = openHub(url).readText({ repo: 'ada/a', commit: 'a'.repeat(40), path: 'README.md' }, { limitBytes: 1000 });
    await expect(card).rejects.toMatchObject({ code: hubErrors.badAnswer, message: expect.stringContaining('compressed') });
    expect(asked).toEqual(['identity']);
  });

  test('that answers with more rows than anybody asks for is refused', async () => {
    const hub = openHub(await answeringServer(() => ({ body: JSON.stringify(Array.from({ length: 10_001 }, () => ({}))) })));
    await expect(hub.listModels(everything, { cursor: null })).rejects.toMatchObject({ code: hubErrors.badAnswer });
    await expect(hub.listFiles('ada/a', { commit: 'a'.repeat(40) })).rejects.toMatchObject({ code: hubErrors.badAnswer });
  });

  test('that says one odd thing among tags is believed in the others', async () => {
    const tags = ['gguf', 'x'.repeat(301), 7, 'license:mit'];
    const hub = openHub(await answeringServer(() => ({ body: JSON.stringify([{ id: 'ada/a', tags }]) })));
    expect((await hub.listModels(everything, { cursor: null })).models[0]?.tags).toEqual(['gguf', 'license:mit']);
  });

  test('that redirects for ever is given up', async () => {
    const hub = openHub(await answeringServer(() => ({ status: 307, headers: { location: '/again' } })));
    await expect(hub.listModels(everything, { cursor: null })).rejects.toMatchObject({ code: hubErrors.badAnswer });
  });

  test.each([
    ['no commit', { 'x-linked-size': '5', 'x-linked-etag': '"a"' }, hubErrors.notTheHub],
    ['a size that is none', { 'x-repo-commit': 'a'.repeat(40), 'x-linked-size': '-5', 'x-linked-etag': '"a"' }, hubErrors.badAnswer],
    [
      'a size beyond any disk',
      { 'x-repo-commit': 'a'.repeat(40), 'x-linked-size': '99999999999999999', 'x-linked-etag': '"a"' },
      hubErrors.badAnswer,
    ],
    [
      'an address of a file',
      { 'x-repo-commit': 'a'.repeat(40), 'x-linked-size': '5', 'x-linked-etag': '"a"', location: 'file:///etc/passwd' },
      hubErrors.badAnswer,
    ],
  ])('that resolves a file with %s is refused', async (_what, headers, code) => {
    const hub = openHub(await answeringServer(() => ({ status: 302, headers: { location: '/x', ...headers } })));
    await expect(hub.resolve(file)).rejects.toMatchObject({ code });
  });
});

describe('the token', () => {
  test('reaches the hub and no other host, whatever it redirects to', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await answeringServer((request) => {
      seen.push(request.headers.authorization);
      return { body: '[]' };
    });
    const first: (string | undefined)[] = [];
    const url = await answeringServer((request) => {
      first.push(request.headers.authorization);
      return { status: 302, headers: { location: `${elsewhere}/api/models` } };
    });
    await openHub(url, { env: { HF_TOKEN: 'hf_secret' } }).listModels(everything, { cursor: null });
    expect(first).toEqual(['Bearer hf_secret']);
    expect(seen).toEqual([undefined]);
  });

  test('never reaches a mirror', async () => {
    const seen: (string | undefined)[] = [];
    const mirror = await answeringServer((request) => {
      seen.push(request.headers.authorization);
      return { body: '[]' };
    });
    const sim = await startHub({});
    const hub = openHub(sim.url, { env: { HF_TOKEN: 'hf_secret' }, settings: { hubMirror: mirror } });
    await hub.listModels(everything, { cursor: null });
    expect(seen).toEqual([undefined]);
    expect(await hub.account({ verify: false })).toMatchObject({ isMirror: true, endpoint: mirror });
  });

  test('behind a mirror the next page is asked of the mirror', async () => {
    const sim = await startHub({ 'ada/a': model, 'ada/b': model, 'ada/c': model });
    const paths: string[] = [];
    const mirror = await answeringServer(async (request) => {
      paths.push(request.url ?? '');
      const answer = await fetch(sim.url + request.url);
      return { body: await answer.text(), headers: { link: answer.headers.get('link') ?? '' } };
    });
    const hub = openHub(sim.url, { settings: { hubMirror: mirror } });
    const { cursor } = await hub.listModels(everything, { cursor: null });
    expect((await hub.listModels(everything, { cursor })).models).toHaveLength(1);
    expect(paths).toHaveLength(2);
  });

  test('is checked before it is kept, and kept for the hub it was entered for', async () => {
    const sim = await startHub({ 'ada/gated': gated });
    const hub = openHub(sim.url);
    await expect(hub.setToken('hf_wrong')).rejects.toMatchObject({ code: hubErrors.tokenInvalid });
    expect(await hub.account({ verify: true })).toMatchObject({ token: 'none', name: null });
    await hub.setToken(` ${hubTokens.granted}\n`);
    expect(await hub.account({ verify: true })).toMatchObject({ token: 'stored', name: expect.any(String), isProtected: false });
    expect((await hub.resolve({ ...file, repo: 'ada/gated' })).sizeBytes).toBe(bigFile.size);
    await hub.setToken(null);
    await expect(hub.resolve({ ...file, repo: 'ada/gated' })).rejects.toMatchObject({ code: hubErrors.tokenNeeded });
  });

  test.each(['hf_ä', 'hf_a b', 'hf_a\r\nX-Injected: 1', '', ' '])('that is none is refused before anything is sent: %j', async (text) => {
    const sim = await startHub({});
    await expect(openHub(sim.url).setToken(text)).rejects.toMatchObject({ code: hubErrors.tokenInvalid });
    expect(sim.stats().requests).toBe(0);
  });

  test('of the environment does not cross the network unencrypted', async () => {
    const hub = openHub('http://hub.example', { env: { HF_TOKEN: 'hf_secret' } });
    await expect(hub.account({ verify: true })).rejects.toMatchObject({ code: hubErrors.badEndpoint });
  });
});

test.each(['ftp://hub.example', 'hub.example', 'https://user:pass@hub.example', 'https://:pass@hub.example', 'https://hub.example/?a=1'])(
  'an address that is no hub is refused: %s',
  async (url) => {
    await expect(openHub(url).listModels(everything, { cursor: null })).rejects.toMatchObject({ code: hubErrors.badEndpoint });
  },
);

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server on loopback that answers as it is told. @returns its address */
async function answeringServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Answer | Promise<Answer> | undefined,
): Promise<string> {
  const server = createServer((request, response) => {
    void Promise.resolve(answer(request, response)).then((told) => {
      if (told === undefined) return;
      const { status = 200, headers = {}, body = '' } = told;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
