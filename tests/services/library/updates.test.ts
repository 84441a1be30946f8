import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HubClient, ResolvedFile } from '#main/services/hub/hubClient.ts';
import { combinedHash } from '#main/services/library/combinedHash.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { startHub } from '../../fixtures/hub/startHub.ts';
import { openHub } from '../hub/hubHarness.ts';
import { splitGguf } from '../splitGguf.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { put, putHubFile, putOllama, sha256Of } from './appTrees.ts';
import { copyModel, openLibrary, smallest, starters } from './libraryHarness.ts';

const other = join(starters, 'Starter-3M-Instruct-Q4_K_M.gguf');
const newer = 'b'.repeat(40);

/** A hub that answers with the hash of a file for each `repo/path`. */
function hubWith(files: Record<string, string>) {
  const asked: string[] = [];
  const hub: Pick<HubClient, 'resolve'> = {
    resolve(file) {
      const name = `${file.repo}/${file.path}`;
      asked.push(`${name}@${file.revision}`);
      const from = files[name];
      if (from === undefined) return Promise.reject(new RpcError('repo-not-found', 'There is no such repo.'));
      const answer: ResolvedFile = {
        repo: file.repo,
        path: file.path,
        commit: newer,
        sizeBytes: statSync(from).size,
        sha256: sha256Of(from),
        gitSha1: null,
        etag: 'e',
        url: 'http://127.0.0.1/',
        headers: {},
        expiresAt: null,
      };
      return Promise.resolve(answer);
    },
  };
  return { hub, asked };
}

test('a file that is another one on the hub is marked, one that is the same is not, and what cannot be asked is skipped', async () => {
  const { hub, asked } = hubWith({ 'a/same-GGUF/s.gguf': smallest, 'a/new-GGUF/sub/n.gguf': other, 'p/studio-GGUF/x.gguf': other });
  const home = temporaryFolder();
  const { library } = await openLibrary({ hub, machine: { env: {}, home, platform: 'linux' } });
  const cache = join(home, '.cache/huggingface/hub');
  putHubFile(cache, { repo: 'a/same-GGUF', file: 's.gguf', from: smallest });
  putHubFile(cache, { repo: 'a/new-GGUF', file: 'sub/n.gguf', from: join(starters, 'Starter-1M-Instruct-Q8_0.gguf'), ref: 'v2' });
  putHubFile(cache, { repo: 'a/gone-GGUF', file: 'g.gguf', from: join(starters, 'Starter-7M-Instruct-Q2_K.gguf') });
  copyModel(join(home, '.lmstudio/models/p/studio-GGUF/x.gguf'), join(starters, 'Starter-7M-Instruct-Q4_K_M.gguf'));
  putOllama(join(home, '.ollama/models'), { name: 'starter:3m', from: join(starters, 'Starter-3M-Instruct-Q8_0.gguf') });
  await library.rescan();
  expect(await library.checkUpdates()).toEqual({ checked: 3, found: 2 });
  expect(asked.sort()).toEqual([
    'a/gone-GGUF/g.gguf@main',
    'a/new-GGUF/sub/n.gguf@v2',
    'a/same-GGUF/s.gguf@main',
    'p/studio-GGUF/x.gguf@main',
  ]);
  const updates = Object.fromEntries(library.list().map((artifact) => [artifact.repo, artifact.update]));
  expect(updates['a/new-GGUF']).toEqual({ commit: newer, sizeBytes: statSync(other).size, foundAt: expect.any(Number) });
  expect(updates['p/studio-GGUF']).not.toBeNull();
  expect(updates['a/same-GGUF']).toBeNull();
  expect(updates['a/gone-GGUF']).toBeNull();
});

test('a record that names a way out of its repo is not asked for', async () => {
  const { hub, asked } = hubWith({});
  const home = temporaryFolder();
  const cache = join(home, '.cache/llama.cpp');
  copyModel(join(cache, 'a_b_.._.._x.gguf'));
  put(join(cache, 'manifest=a=b=latest.json'), JSON.stringify({ ggufFile: { rfilename: '../../x.gguf' } }));
  copyModel(join(cache, 'y.gguf'), other);
  put(join(cache, 'y.gguf.json'), JSON.stringify({ url: 'https://huggingface.co/a/b/resolve/../y.gguf' }));
  const { library } = await openLibrary({ hub, machine: { env: {}, home, platform: 'linux' } });
  expect(library.list().map(({ repo }) => repo)).toEqual(['a/b', 'a/b']);
  expect(await library.checkUpdates()).toEqual({ checked: 0, found: 0 });
  expect(asked).toEqual([]);
});

test('on the hub itself, a changed file is found, and no more once it is here too', async () => {
  const repo = 'unsloth/Starter-GGUF';
  const sim = await startHub({ [repo]: { files: { 'S-Q4_K_M.gguf': readFileSync(smallest) } } });
  const hub = openHub(sim.url);
  const home = temporaryFolder();
  const cache = join(home, '.cache/huggingface/hub');
  const { library } = await openLibrary({ hub, machine: { env: {}, home, platform: 'linux' } });
  const add = async (from: string, commit: string) => {
    const path = putHubFile(cache, { repo, file: 'S-Q4_K_M.gguf', from, commit });
    const files = [{ path, file: 'S-Q4_K_M.gguf', sizeBytes: statSync(path).size, sha256: sha256Of(path) }];
    return await library.addDownloaded({
      repo,
      revision: 'main',
      commit,
      files,
      projectorPath: null,
      wasHere: false,
      verifiedAt: Date.now(),
    });
  };
  const first = await add(smallest, 'a'.repeat(40));
  expect(await library.checkUpdates()).toEqual({ checked: 1, found: 0 });
  await sim.put(repo, { files: { 'S-Q4_K_M.gguf': readFileSync(other) } });
  expect(await library.checkUpdates()).toEqual({ checked: 1, found: 1 });
  const { update } = library.require(first.id);
  expect(update).toMatchObject({ sizeBytes: statSync(other).size });
  await add(other, update?.commit ?? '');
  expect(await library.checkUpdates()).toEqual({ checked: 2, found: 0 });
  expect(library.require(first.id).update).toBeNull();
});

test('a split model is compared over all its parts', async () => {
  const home = temporaryFolder();
  const cache = join(home, '.cache/huggingface/hub');
  const parts = await splitGguf(smallest, { folder: home, base: 'S', parts: 2 });
  const files: Record<string, string> = {};
  for (const [index, from] of parts.entries()) {
    const file = `S-0000${index + 1}-of-00002.gguf`;
    putHubFile(cache, { repo: 'a/b-GGUF', file, from });
    files[`a/b-GGUF/${file}`] = from;
  }
  const { hub } = hubWith(files);
  const { library } = await openLibrary({ hub, machine: { env: {}, home, platform: 'linux' } });
  expect(await library.checkUpdates()).toEqual({ checked: 1, found: 0 });
  expect(await library.whenHashed(library.list()[0]?.id ?? '')).toBe(combinedHash(parts.map(sha256Of)));
  files['a/b-GGUF/S-00002-of-00002.gguf'] = other;
  expect(await library.checkUpdates()).toEqual({ checked: 1, found: 1 });
});

test('when the hub cannot be reached at all, that is the answer', async () => {
  const { hub } = hubWith({});
  const home = temporaryFolder();
  putHubFile(join(home, '.cache/huggingface/hub'), { repo: 'a/b-GGUF', file: 'b.gguf', from: smallest });
  const { library } = await openLibrary({ hub, machine: { env: {}, home, platform: 'linux' } });
  await expect(library.checkUpdates()).rejects.toMatchObject({ code: 'repo-not-found' });
});

test('with nothing to ask for, nothing is asked', async () => {
  const { library } = await openLibrary();
  expect(await library.checkUpdates()).toEqual({ checked: 0, found: 0 });
});
