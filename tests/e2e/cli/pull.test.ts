import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { startHub } from '../../fixtures/hub/startHub.ts';
import { documentOf, documents, errorOf, newCommandLine } from './commandLine.ts';

const model = readFileSync(join(appRoot(), 'resources/models/Starter-1M-Instruct-Q4_K_M.gguf'));
// A byte more than the starter model, which would be copied from the app instead of fetched.
const larger = Buffer.concat([readFileSync(join(appRoot(), 'resources/models/Starter-1M-Instruct-Q8_0.gguf')), Buffer.alloc(1)]);
const repo = 'org/Tiny-1M-Instruct-GGUF';
const repos = { [repo]: { files: { 'Tiny-1M-Instruct-Q4_K_M.gguf': model, 'Tiny-1M-Instruct-Q8_0.gguf': larger } } };

test('pull brings a quant by its name or address, is there at once the second time, and ends in one document with path and hash', async () => {
  const hub = await startHub(repos);
  await using cli = await newCommandLine({ HF_ENDPOINT: hub.url });
  const first = await cli.run('pull', `${repo}:Q8_0`, '--json');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const ready = documents(first).at(-1);
  expect(ready).toMatchObject({ state: 'ready', repo, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), artifactId: expect.any(String) });
  expect(readFileSync(String(ready?.['path']))).toEqual(larger);
  for (const line of documents(first).slice(0, -1))
    expect(line).toMatchObject({
      state: expect.any(String),
      file: 'Tiny-1M-Instruct-Q8_0.gguf',
      bytesTotal: larger.length,
      bytesDone: expect.any(Number),
    });

  const address = `https://huggingface.co/${repo}/resolve/main/Tiny-1M-Instruct-Q8_0.gguf?download=true`;
  const again = documentOf(await cli.run('pull', address, '--json'));
  expect(again).toMatchObject({ state: 'ready', path: ready?.['path'], sha256: ready?.['sha256'] });
  const listed = documentOf(await cli.run('list', '--json'))['artifacts'] as { readonly repo: string | null; readonly sha256: string }[];
  expect(listed.find((artifact) => artifact.repo === repo)).toMatchObject({ sha256: ready?.['sha256'], owner: 'downloaded' });
});

test('pull without a quant takes the recommended one and says why; --to names a folder of its own', async () => {
  const hub = await startHub(repos);
  await using cli = await newCommandLine({ HF_ENDPOINT: hub.url });
  const end = await cli.run('pull', repo, '--to', 'models');
  expect(end.code).toBe(0);
  expect(end.stderr).toMatch(/^Q\d\S+: /);
  expect(end.stdout.trim().startsWith(join(cli.home, 'models', repo))).toBe(true);
});

test('what a name does not settle is said with what there is, and nothing is fetched', async () => {
  const hub = await startHub({ ...repos, 'other/Tiny-1M-Instruct-GGUF': repos[repo] ?? {} });
  await using cli = await newCommandLine({ HF_ENDPOINT: hub.url });
  const noQuant = await cli.run('pull', `${repo}:Q5_K_M`, '--json');
  expect(noQuant.code).toBe(2);
  expect(errorOf(noQuant)).toMatchObject({ code: 'quant-not-found', hint: expect.stringContaining(`${repo}:Q8_0`) });
  const twoRepos = await cli.run('pull', 'tiny-1m-instruct', '--json');
  expect(twoRepos.code).toBe(2);
  expect(errorOf(twoRepos)).toMatchObject({ code: 'name-unclear', hint: expect.stringContaining(repo) });
  const noRepo = await cli.run('pull', 'org/Nothing-GGUF', '--json');
  expect(noRepo.code).toBe(1);
  expect(errorOf(noRepo)).toMatchObject({ code: 'repo-not-found' });
  expect(hub.stats().byKind['cdn'] ?? 0).toBe(0);
});

test('an interrupt pauses the download, and the same command goes on where it was', async () => {
  const hub = await startHub(repos, { faults: [{ kind: 'data', linkThrottle: 60_000 }] });
  await using cli = await newCommandLine({ HF_ENDPOINT: hub.url });
  const running = cli.start('pull', `${repo}:Q8_0`, '--json');
  await running.when((line) => Number(line['bytesDone']) > 0);
  running.child.kill('SIGINT');
  const end = await running.ended;
  expect(end.code).toBe(130);
  expect(errorOf(end)).toMatchObject({ code: 'cancelled', hint: expect.stringContaining('same command') });
  const kept = Number(documents(end).at(-2)?.['bytesDone']);

  hub.setFaults([]);
  const again = await cli.run('pull', `${repo}:Q8_0`, '--json');
  expect(Number(documents(again)[0]?.['bytesDone'])).toBeGreaterThanOrEqual(kept);
  expect(readFileSync(String(documents(again).at(-1)?.['path']))).toEqual(larger);
});

test('a file that is no model is kept as the hub has it, and what is wrong with it is said', async () => {
  const file = 'Page-Q4_K_M.gguf';
  const hub = await startHub({ 'org/Page-GGUF': { files: { [file]: Buffer.from('<html>Sign in</html>') } } });
  await using cli = await newCommandLine({ HF_ENDPOINT: hub.url });
  const ready = documents(await cli.run('pull', `org/Page-GGUF/${file}`, '--json')).at(-1);
  expect(ready).toMatchObject({ state: 'ready', problem: { code: 'not-gguf', hint: expect.any(String) } });
  expect((await cli.run('pull', `org/Page-GGUF/${file}`)).stderr).toContain('cannot be used');
});

test('a folder without a name is wrong usage, and nothing is fetched', async () => {
  await using cli = await newCommandLine();
  const end = await cli.run('pull', `${repo}:Q8_0`, '--to', '', '--json');
  expect(end.code).toBe(2);
  expect(errorOf(end)).toMatchObject({ code: 'usage' });
});

test('without a network a model that is here already is named', async () => {
  const hub = await startHub(repos);
  await using cli = await newCommandLine({ HF_ENDPOINT: hub.url });
  const ready = documents(await cli.run('pull', `${repo}:Q8_0`, '--json')).at(-1);
  hub.setFaults([{ kind: 'any', reset: true }]);
  const end = await cli.run('pull', `${repo}:Q8_0`, '--json');
  expect(end.code).toBe(1);
  expect(errorOf(end)).toMatchObject({ code: 'hub-unreachable', hint: expect.stringContaining(String(ready?.['artifactId'])) });
});
