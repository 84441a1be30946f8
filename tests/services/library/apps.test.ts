import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Machine } from '#main/services/library/apps/appAdapter.ts';
import { appAdapters } from '#main/services/library/apps/appAdapters.ts';
import { readingProblem } from '#main/services/library/apps/lookAtApp.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import { createSettingsService } from '#main/services/settings/settingsService.ts';
import type { AppName, Artifact } from '#shared/contract/models.ts';
import { howItsAppRemoves } from '#shared/ownerWords.ts';
import { editGguf } from '../../fixtures/gguf/editGguf.ts';
import { splitGguf } from '../splitGguf.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { put, putDocker, putHubFile, putOllama, sha256Of, snapshotTree } from './appTrees.ts';
import { addAndScan, copyModel, idsOf, openLibrary, smallest, starters } from './libraryHarness.ts';

const middle = join(starters, 'Starter-3M-Instruct-Q4_K_M.gguf');
const large = join(starters, 'Starter-7M-Instruct-Q2_K.gguf');

/** A library whose other apps are looked up below a home of its own. */
async function openAt(env: Record<string, string> = {}) {
  const home = temporaryFolder();
  const machine: Machine = { env, home, platform: 'linux' };
  const harness = await openLibrary({ machine });
  return { ...harness, home, machine, library: harness.library };
}

const only = (library: LibraryService): Artifact => {
  expect(library.list()).toHaveLength(1);
  return library.list()[0] as Artifact;
};
const found = (library: LibraryService) =>
  Object.fromEntries(library.list().map((artifact) => [artifact.nameInApp ?? artifact.id, artifact]));

/** A projector made of a real model: enough header to be known as one. */
function projector(path: string, width: number): string {
  mkdirSync(dirname(path), { recursive: true });
  return editGguf(smallest, path, {
    'general.architecture': { type: 'string', value: 'clip' },
    'general.type': { type: 'string', value: 'mmproj' },
    'clip.vision.projection_dim': { type: 'uint32', value: width },
  });
}

describe('folders of other apps', () => {
  const homes: Readonly<Record<string, string>> = { linux: '/home/ada', darwin: '/Users/ada', win32: 'C:\\Users\\ada' };
  const foldersOf = async (app: AppName, machine: Partial<Machine>): Promise<readonly string[]> => {
    const platform = machine.platform ?? 'linux';
    const adapter = appAdapters.find((candidate) => candidate.app === app);
    return (await adapter?.folders({ env: {}, home: homes[platform] ?? '', platform, ...machine })) ?? [];
  };

  test.each([
    ['ollama', 'linux', '/home/ada/.ollama/models'],
    ['ollama', 'darwin', '/Users/ada/.ollama/models'],
    ['ollama', 'win32', 'C:\\Users\\ada\\.ollama\\models'],
    ['lm-studio', 'linux', '/home/ada/.lmstudio/models'],
    ['lm-studio', 'win32', 'C:\\Users\\ada\\.lmstudio\\models'],
    ['hub-cache', 'linux', '/home/ada/.cache/huggingface/hub'],
    ['llama-cpp', 'linux', '/home/ada/.cache/llama.cpp'],
    ['llama-cpp', 'darwin', '/Users/ada/Library/Caches/llama.cpp'],
    ['llama-cpp', 'win32', 'C:\\Users\\ada\\AppData\\Local\\llama.cpp'],
    ['jan', 'linux', '/home/ada/.local/share/Jan/data/llamacpp/models'],
    ['jan', 'darwin', '/Users/ada/Library/Application Support/Jan/data/llamacpp/models'],
    ['jan', 'win32', 'C:\\Users\\ada\\AppData\\Roaming\\Jan\\data\\llamacpp\\models'],
    ['gpt4all', 'linux', '/home/ada/.local/share/nomic.ai/GPT4All'],
    ['gpt4all', 'darwin', '/Users/ada/Library/Application Support/nomic.ai/GPT4All'],
    ['gpt4all', 'win32', 'C:\\Users\\ada\\AppData\\Local\\nomic.ai\\GPT4All'],
    ['docker', 'linux', '/home/ada/.docker/models'],
    ['docker', 'win32', 'C:\\Users\\ada\\.docker\\models'],
  ] as const)('%s keeps its models on %s in %s', async (app, platform, path) => {
    expect((await foldersOf(app, { platform }))[0]).toBe(path);
  });

  test.each([
    ['ollama', 'OLLAMA_MODELS', '/data/o', '/data/o'],
    ['hub-cache', 'HF_HOME', '/data/hf', '/data/hf/hub'],
    ['hub-cache', 'HF_HUB_CACHE', '/data/c', '/data/c'],
    ['llama-cpp', 'LLAMA_CACHE', '/data/l', '/data/l'],
    ['llama-cpp', 'XDG_CACHE_HOME', '/data/x', '/data/x/llama.cpp'],
    ['jan', 'XDG_DATA_HOME', '/data/j', '/data/j/Jan/data/llamacpp/models'],
    ['docker', 'MODELS_PATH', '/data/d', '/data/d'],
  ] as const)('%s follows %s', async (app, name, value, path) => {
    expect((await foldersOf(app, { env: { [name]: value } }))[0]).toBe(path);
  });

  test('the service of a Linux package is looked at too', async () => {
    expect(await foldersOf('ollama', {})).toContain('/usr/share/ollama/.ollama/models');
    expect(await foldersOf('ollama', { platform: 'darwin' })).toHaveLength(1);
  });

  test('LM Studio’s home pointer, its old home and its settings move the folder', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, '.cache/lm-studio'), { recursive: true });
    expect(await foldersOf('lm-studio', { home })).toEqual([join(home, '.cache/lm-studio/models')]);
    put(join(home, '.lmstudio-home-pointer'), `${join(home, 'elsewhere')}\n`);
    expect(await foldersOf('lm-studio', { home })).toEqual([join(home, 'elsewhere/models')]);
    put(join(home, 'elsewhere/settings.json'), JSON.stringify({ downloadsFolder: join(home, 'disk') }));
    expect(await foldersOf('lm-studio', { home })).toEqual([join(home, 'disk')]);
    put(join(home, 'elsewhere/settings.json'), JSON.stringify({ downloadsFolder: '../relative' }));
    expect(await foldersOf('lm-studio', { home })).toEqual([join(home, 'elsewhere/models')]);
  });

  test('Jan’s settings move its data folder', async () => {
    const home = temporaryFolder();
    put(join(home, '.local/share/Jan/settings.json'), JSON.stringify({ data_folder: '/disk/jan' }));
    expect((await foldersOf('jan', { home }))[0]).toBe('/disk/jan/llamacpp/models');
    expect((await foldersOf('jan', { home, env: { JAN_DATA_FOLDER: '/other' } }))[0]).toBe('/other/llamacpp/models');
  });

  test('a folder that may not be read is told of in words', () => {
    const refusal = Object.assign(new Error('no'), { code: 'EACCES' });
    expect(readingProblem('ollama', refusal)).toMatch(/may not read it.*group/);
    expect(readingProblem('jan', refusal)).toMatch(/may not read Jan/);
    expect(readingProblem('jan', Object.assign(new Error('no'), { code: 'EIO' }))).toMatch(/could not be read \(EIO\)/);
  });
});

describe('Ollama', () => {
  test('models are listed from their manifests under the name that Ollama gives them, without being copied', async () => {
    const { home, library } = await openAt();
    const models = join(home, '.ollama/models');
    const blob = putOllama(models, { name: 'llama3.2:3b', from: smallest });
    putOllama(models, { name: 'llama3.2:latest', from: smallest });
    putOllama(models, { name: 'ada/own:q4', from: middle });
    putOllama(models, { name: 'bartowski/Starter-GGUF:Q2_K', from: large, host: 'hf.co' });
    await library.rescan();
    const artifacts = found(library);
    expect(Object.keys(artifacts).sort()).toEqual(['ada/own:q4', 'hf.co/bartowski/Starter-GGUF:Q2_K', 'llama3.2:3b']);
    expect(artifacts['llama3.2:3b']).toMatchObject({
      id: 'llama3.2-3b',
      name: expect.stringMatching(/^llama ?3\.2/i),
      path: blob,
      owner: 'ollama',
      state: 'ready',
      quant: 'Q4_K_M',
      repo: null,
    });
    expect(artifacts['hf.co/bartowski/Starter-GGUF:Q2_K']).toMatchObject({
      id: 'starter-q2_k',
      repo: 'bartowski/Starter-GGUF',
      publisher: 'bartowski',
    });
    expect(library.resolve('llama3.2:3b').path).toBe(blob);
    expect(await library.whenHashed('llama3.2-3b')).toBe(sha256Of(smallest));
  });

  test('a projector layer goes with its model', async () => {
    const { home, library } = await openAt();
    const models = join(home, '.ollama/models');
    const from = projector(join(home, 'p.gguf'), 64);
    putOllama(models, { name: 'llava:7b', from: smallest, projector: from });
    await library.rescan();
    expect(only(library).projectorPath).toBe(join(models, 'blobs', `sha256-${sha256Of(from)}`));
  });

  test('what is no GGUF, has no model layer, is partial, or names a file outside is left alone', async () => {
    const { home, folder, library } = await openAt();
    const models = join(home, '.ollama/models');
    copyModel(join(folder, 'outside'));
    const at = (name: string): string => join(models, 'manifests/registry.ollama.ai/library', name, 'latest');
    const layer = (digest: unknown, mediaType = 'application/vnd.ollama.image.model'): string =>
      JSON.stringify({ layers: [{ mediaType, digest }] });
    const other = put(join(home, 'safetensors'), '{"__metadata__":{}}');
    putOllama(models, { name: 'safe:latest', from: other });
    put(at('cloud'), JSON.stringify({ layers: [] }));
    put(at('tensors'), layer(`sha256:${'b'.repeat(64)}`, 'application/vnd.ollama.image.tensor'));
    put(at('climbs'), layer(`sha256:../../../../${join(folder, 'outside')}`));
    put(at('dashed'), layer('sha256-../../../outside'));
    put(at('absolute'), layer(join(folder, 'outside')));
    put(at('number'), layer(7));
    put(at('deep'), '['.repeat(500_000));
    put(at('huge'), Buffer.alloc(5_000_000, 0x20));
    put(at('html'), '<!doctype html>');
    put(at('list'), '[null]');
    put(at('missing'), layer(`sha256:${'c'.repeat(64)}`));
    put(join(models, 'blobs', `sha256-${'d'.repeat(64)}-partial`), 'half');
    put(at('partial'), layer(`sha256:${'d'.repeat(64)}`));
    symlinkSync(join(models, 'manifests'), join(models, 'manifests/registry.ollama.ai/library/loop'));
    symlinkSync('self', join(models, 'manifests/registry.ollama.ai/self'));
    putOllama(models, { name: 'good:1b', from: smallest });
    await library.rescan();
    expect(only(library).nameInApp).toBe('good:1b');
    expect(library.apps().find((app) => app.app === 'ollama')).toMatchObject({
      path: models,
      artifactCount: 1,
      isEnabled: true,
      problem: null,
    });
  });

  test('a model that Ollama removed goes, and stays as missing where it was used here', async () => {
    const { home, library } = await openAt();
    const models = join(home, '.ollama/models');
    putOllama(models, { name: 'one:1b', from: smallest });
    putOllama(models, { name: 'two:1b', from: middle });
    await library.rescan();
    library.markUsed('two-1b');
    rmSync(join(models, 'manifests/registry.ollama.ai/library'), { recursive: true });
    rmSync(join(models, 'blobs'), { recursive: true });
    await library.rescan();
    expect(library.list()).toEqual([expect.objectContaining({ id: 'two-1b', state: 'missing' })]);
    renameSync(models, join(home, 'unplugged'));
    await library.rescan();
    expect(only(library).problem?.message).toContain('drive');
  });
});

test('the command that removes a model is never made of a name that a shell would read as more', () => {
  expect(howItsAppRemoves({ owner: 'ollama', nameInApp: 'hf.co/a/b-GGUF:Q4_K_M' })).toContain('ollama rm hf.co/a/b-GGUF:Q4_K_M');
  for (const nameInApp of ['x; rm -rf ~', '$(id)', '-f', 'a`b`', "a'b"]) {
    expect(howItsAppRemoves({ owner: 'ollama', nameInApp })).toBe('Ollama removes it with: ollama rm NAME');
  }
});

describe('the hub’s cache', () => {
  const repo = 'unsloth/Starter-7M-GGUF';

  test('gives repo, revision, commit and file of what lies in it, folders and shards included', async () => {
    const { home, library } = await openAt();
    const cache = join(home, '.cache/huggingface/hub');
    const parts = await splitGguf(smallest, { folder: home, base: 'Starter-Q8_0', parts: 2 });
    const shards = parts.map((from, index) => putHubFile(cache, { repo, file: `Q8_0/Starter-Q8_0-0000${index + 1}-of-00002.gguf`, from }));
    putHubFile(cache, { repo, file: 'Starter-Q4_K_M.gguf', from: middle, commit: 'b'.repeat(40), ref: 'refs/pr/1' });
    putHubFile(cache, { repo: 'gpt2', file: 'gpt2.gguf', from: large });
    symlinkSync('../../blobs/gone', join(cache, 'models--unsloth--Starter-7M-GGUF/snapshots', 'a'.repeat(40), 'Broken.gguf'));
    put(join(cache, 'datasets--a--b/snapshots/c/data.gguf'), 'GGUF');
    put(join(cache, 'models--../x'), '');
    await library.rescan();
    const byQuant = Object.fromEntries(library.list().map((artifact) => [artifact.path.split('/').at(-1), artifact]));
    expect(Object.keys(byQuant)).toHaveLength(3);
    expect(byQuant['Starter-Q8_0-00001-of-00002.gguf']).toMatchObject({
      owner: 'hub-cache',
      state: 'ready',
      repo,
      publisher: 'unsloth',
      files: shards,
      provenance: {
        repo,
        revision: 'main',
        commit: 'a'.repeat(40),
        file: 'Q8_0/Starter-Q8_0-00001-of-00002.gguf',
        verifiedAt: null,
      },
    });
    expect(byQuant['Starter-Q4_K_M.gguf']?.provenance).toMatchObject({ revision: 'refs/pr/1', commit: 'b'.repeat(40) });
    expect(byQuant['gpt2.gguf']).toMatchObject({ repo: 'gpt2', publisher: null });
  });

  test('a file of two commits is one model, shown as main has it', async () => {
    const { home, library } = await openAt();
    const cache = join(home, '.cache/huggingface/hub');
    putHubFile(cache, { repo, file: 'A.gguf', from: smallest, commit: '1'.repeat(40), ref: null });
    putHubFile(cache, { repo, file: 'A.gguf', from: smallest, commit: '2'.repeat(40) });
    await library.rescan();
    expect(only(library)).toMatchObject({ path: expect.stringContaining('2'.repeat(40)), provenance: { revision: 'main' } });
  });

  test('parts of a split model that is still arriving are not shown as broken', async () => {
    const { home, library } = await openAt();
    const cache = join(home, '.cache/huggingface/hub');
    const parts = await splitGguf(smallest, { folder: home, base: 'S', parts: 2 });
    const file = (index: number): string => `S-0000${index}-of-00002.gguf`;
    putHubFile(cache, { repo, file: file(1), from: parts[0] ?? '' });
    const partial = put(join(cache, 'models--unsloth--Starter-7M-GGUF/blobs', `${'e'.repeat(64)}.job.incomplete`), 'half');
    await library.rescan();
    expect(library.list()).toEqual([]);
    rmSync(partial);
    await library.rescan();
    expect(only(library)).toMatchObject({ state: 'broken', problem: { code: 'shard-missing' } });
    putHubFile(cache, { repo, file: file(2), from: parts[1] ?? '' });
    await library.rescan();
    expect(only(library).state).toBe('ready');
  });

  test('a linked folder in a snapshot is not entered, a linked repo is', async () => {
    const { home, library } = await openAt();
    const cache = join(home, '.cache/huggingface/hub');
    copyModel(join(home, 'elsewhere/Secret.gguf'));
    putHubFile(cache, { repo, file: 'A.gguf', from: middle });
    symlinkSync(join(home, 'elsewhere'), join(cache, 'models--unsloth--Starter-7M-GGUF/snapshots', 'a'.repeat(40), 'way'));
    renameSync(join(cache, 'models--unsloth--Starter-7M-GGUF'), join(home, 'other-drive'));
    symlinkSync(join(home, 'other-drive'), join(cache, 'models--unsloth--Starter-7M-GGUF'));
    await library.rescan();
    expect(only(library)).toMatchObject({ repo, path: expect.stringContaining('A.gguf') });
  });

  test('plain files in snapshots, as Windows has them, are found too', async () => {
    const { home, library } = await openAt();
    const path = join(home, '.cache/huggingface/hub/models--a--b-GGUF/snapshots', 'c'.repeat(40), 'Model-Q4_K_M.gguf');
    copyModel(path);
    await library.rescan();
    expect(only(library)).toMatchObject({ path, repo: 'a/b-GGUF', provenance: { commit: 'c'.repeat(40), revision: null } });
  });

  test('a file that an added folder holds as well stays the cache’s, and becomes the folder’s when the cache is ignored', async () => {
    const { home, library, database } = await openAt();
    const cache = join(home, '.cache/huggingface/hub');
    putHubFile(cache, { repo, file: 'A.gguf', from: smallest });
    await addAndScan(library, cache);
    expect(only(library).owner).toBe('hub-cache');
    expect(library.folders()[0]?.artifactCount).toBe(0);
    void database;
  });
});

describe('LM Studio', () => {
  test('models are listed with the repo that their folders name, projectors paired, unfinished ones left out', async () => {
    const { home, library } = await openAt();
    const models = join(home, '.lmstudio/models');
    const path = copyModel(join(models, 'lmstudio-community/Starter-GGUF/Starter-Q4_K_M.gguf'));
    const mmproj = projector(join(models, 'lmstudio-community/Starter-GGUF/mmproj-model-f16.gguf'), 256);
    copyModel(join(models, 'lmstudio-community/Other-GGUF/downloading_Other.gguf'));
    put(join(models, 'lmstudio-community/Other-GGUF/downloading_Other-Q4.gguf.part'), 'half');
    await library.rescan();
    expect(only(library)).toMatchObject({
      owner: 'lm-studio',
      path,
      publisher: 'lmstudio-community',
      repo: 'lmstudio-community/Starter-GGUF',
      projectorPath: mmproj,
      provenance: { file: 'Starter-Q4_K_M.gguf' },
    });
  });
});

test('an app whose settings name a whole drive is told of and not looked through', async () => {
  const { home, library } = await openAt();
  put(join(home, '.lmstudio/settings.json'), JSON.stringify({ downloadsFolder: '/' }));
  await library.rescan();
  expect(library.apps().find((app) => app.app === 'lm-studio')).toMatchObject({
    path: '/',
    artifactCount: 0,
    problem: expect.stringContaining('whole drive'),
  });
});

describe('projectors', () => {
  test('are paired by width and name, half precision first, and let go when they vanish', async () => {
    const { folder, library } = await openLibrary();
    copyModel(join(folder, 'm/starter/Starter-1M-Q4_K_M.gguf'));
    const at = (name: string, width: number): string => projector(join(folder, 'm/starter', name), width);
    at('mmproj-BF16.gguf', 256);
    const best = at('mmproj-F16.gguf', 256);
    at('mmproj-narrow-F16.gguf', 96);
    at('mmproj-gemma-3-F16.gguf', 256);
    copyModel(join(folder, 'm/other/Other.gguf'));
    await addAndScan(library, join(folder, 'm'));
    expect(idsOf(library)).toEqual(['other', 'starter-1m-q4_k_m']);
    expect(library.require('starter-1m-q4_k_m').projectorPath).toBe(best);
    expect(library.require('other').projectorPath).toBeNull();
    rmSync(best);
    await library.rescan();
    expect(library.require('starter-1m-q4_k_m').projectorPath).toContain('mmproj-BF16');
  });
});

describe('llama.cpp', () => {
  test('flat files are read with their manifests, their notes, or their names', async () => {
    const { home, library } = await openAt();
    const cache = join(home, '.cache/llama.cpp');
    copyModel(join(cache, 'ggml-org_starter-GGUF_starter-Q4_K_M.gguf'));
    const mmproj = projector(join(cache, 'ggml-org_starter-GGUF_mmproj-starter-f16.gguf'), 256);
    put(
      join(cache, 'manifest=ggml-org=starter-GGUF=latest.json'),
      JSON.stringify({
        ggufFile: { rfilename: 'starter-Q4_K_M.gguf', lfs: { sha256: sha256Of(smallest) } },
        mmprojFile: { rfilename: 'mmproj-starter-f16.gguf' },
      }),
    );
    copyModel(join(cache, 'some_org_thing_model.gguf'), middle);
    put(
      join(cache, 'some_org_thing_model.gguf.json'),
      JSON.stringify({ url: 'https://huggingface.co/some_org/thing/resolve/main/sub/model.gguf' }),
    );
    copyModel(join(cache, 'unsloth_Big-GGUF_Big-Q2_K.gguf'), large);
    put(join(cache, 'manifest=..=x=latest.json'), '{"ggufFile":{"rfilename":"../../x.gguf"}}');
    await library.rescan();
    const byRepo = Object.fromEntries(library.list().map((artifact) => [artifact.repo, artifact]));
    expect(Object.keys(byRepo).sort()).toEqual(['ggml-org/starter-GGUF', 'some_org/thing', 'unsloth/Big-GGUF']);
    expect(byRepo['ggml-org/starter-GGUF']).toMatchObject({
      owner: 'llama-cpp',
      projectorPath: mmproj,
      provenance: { file: 'starter-Q4_K_M.gguf' },
    });
    expect(byRepo['some_org/thing']?.provenance).toMatchObject({ file: 'sub/model.gguf' });
  });

  test('what it moves into the hub’s cache stays the same model, with what was measured of it', async () => {
    const { home, library } = await openAt();
    const flat = join(home, '.cache/llama.cpp/unsloth_Starter-GGUF_Starter-Q4_K_M.gguf');
    copyModel(flat);
    await library.rescan();
    const { id, addedAt } = only(library);
    const sha256 = await library.whenHashed(id);
    library.markUsed(id);
    const moved = putHubFile(join(home, '.cache/huggingface/hub'), {
      repo: 'unsloth/Starter-GGUF',
      file: 'Starter-Q4_K_M.gguf',
      from: flat,
    });
    rmSync(flat);
    await library.rescan();
    expect(only(library)).toMatchObject({
      id,
      addedAt,
      path: moved,
      owner: 'hub-cache',
      state: 'ready',
      sha256,
      lastUsedAt: expect.any(Number),
    });
  });

  test('what vanishes while its bytes are listed elsewhere and unused goes on there', async () => {
    const { home, library } = await openAt();
    const flat = copyModel(join(home, '.cache/llama.cpp/unsloth_Starter-GGUF_Starter-Q4_K_M.gguf'));
    const cached = putHubFile(join(home, '.cache/huggingface/hub'), {
      repo: 'unsloth/Starter-GGUF',
      file: 'Starter-Q4_K_M.gguf',
      from: flat,
    });
    await library.rescan();
    const { id } = library.list().find((artifact) => artifact.path === flat) as Artifact;
    await Promise.all(library.list().map((artifact) => library.whenHashed(artifact.id)));
    library.markUsed(id);
    rmSync(flat);
    await library.rescan();
    expect(only(library)).toMatchObject({ id, path: cached, state: 'ready', owner: 'hub-cache' });
  });

  test('LLAMA_CACHE may hold the hub’s layout', async () => {
    const folder = temporaryFolder();
    const { library } = await openAt({ LLAMA_CACHE: folder });
    putHubFile(folder, { repo: 'a/b-GGUF', file: 'b-Q4_K_M.gguf', from: smallest });
    await library.rescan();
    expect(only(library)).toMatchObject({ owner: 'llama-cpp', repo: 'a/b-GGUF' });
  });
});

describe('Jan', () => {
  test('model.yml names files below the data folder or linked ones elsewhere', async () => {
    const { home, folder, library } = await openAt();
    const data = join(home, '.local/share/Jan/data');
    const at = (id: string): string => join(data, 'llamacpp/models', id);
    const path = copyModel(join(at('Menlo/Jan-nano-Q4_K_M'), 'model.gguf'));
    const mmproj = projector(join(at('Menlo/Jan-nano-Q4_K_M'), 'mmproj.gguf'), 256);
    put(
      join(at('Menlo/Jan-nano-Q4_K_M'), 'model.yml'),
      'name: Jan nano\nmodel_path: llamacpp/models/Menlo/Jan-nano-Q4_K_M/model.gguf\nmmproj_path: llamacpp/models/Menlo/Jan-nano-Q4_K_M/mmproj.gguf\nsize_bytes: 1\n',
    );
    const linked = copyModel(join(folder, 'elsewhere/Linked.gguf'), middle);
    put(join(at('Linked'), 'model.yml'), `model_path: ${linked}\n`);
    copyModel(join(home, 'outside.gguf'), large);
    put(join(at('climbs'), 'model.yml'), 'model_path: ../../../../outside.gguf\n');
    put(
      join(at('bomb'), 'model.yml'),
      `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a,*a]`).join('\n')}\nmodel_path: *b1\n`,
    );
    put(join(at('long'), 'model.yml'), `model_path: ${'x'.repeat(200_000)}\n`);
    put(join(at('other'), 'model.yml'), 'model_path: [1, 2]\n');
    await library.rescan();
    const artifacts = found(library);
    expect(Object.keys(artifacts).sort()).toEqual(['Linked', 'Menlo/Jan-nano-Q4_K_M']);
    expect(artifacts['Menlo/Jan-nano-Q4_K_M']).toMatchObject({
      path,
      owner: 'jan',
      projectorPath: mmproj,
      publisher: 'Menlo',
      quant: 'Q4_K_M',
    });
    expect(artifacts['Linked']).toMatchObject({ path: linked, owner: 'jan' });
  });
});

describe('GPT4All', () => {
  test('flat files are listed, unfinished ones are not', async () => {
    const { home, library } = await openAt();
    const models = join(home, '.local/share/nomic.ai/GPT4All');
    copyModel(join(models, 'Meta-Llama-3-8B-Instruct.Q4_K_M.gguf'));
    copyModel(join(models, 'incomplete-Phi.gguf'), middle);
    await library.rescan();
    expect(only(library)).toMatchObject({ owner: 'gpt4all', quant: 'Q4_K_M' });
  });
});

describe('Docker Model Runner', () => {
  test('models are listed by their tags; a split one from its bundle', async () => {
    const { home, library } = await openAt();
    const models = join(home, '.docker/models');
    const from = projector(join(home, 'p.gguf'), 64);
    const blob = putDocker(models, {
      tags: ['index.docker.io/ai/starter:latest', 'ai/starter:1M-Q4_K_M'],
      from: [smallest],
      projector: from,
    });
    putDocker(models, { tags: ['ai/split:latest'], from: await splitGguf(middle, { folder: home, base: 'S', parts: 2 }) });
    const index = JSON.parse((await import('node:fs')).readFileSync(join(models, 'models.json'), 'utf8')) as { models: unknown[] };
    writeFileSync(
      join(models, 'models.json'),
      JSON.stringify({
        models: [...index.models, { id: 'sha256:../../..', tags: ['x'] }, null, { id: 7 }, { id: `sha256:${'e'.repeat(64)}`, tags: 7 }],
      }),
    );
    await library.rescan();
    const artifacts = found(library);
    expect(Object.keys(artifacts).sort()).toEqual(['ai/split:latest', 'ai/starter:1M-Q4_K_M']);
    expect(artifacts['ai/starter:1M-Q4_K_M']).toMatchObject({
      owner: 'docker',
      path: blob,
      publisher: 'ai',
      projectorPath: join(models, 'blobs/sha256', sha256Of(from)),
    });
    expect(artifacts['ai/split:latest']).toMatchObject({ state: 'ready', files: [expect.stringContaining('bundles'), expect.any(String)] });
  });
});

describe('all apps together', () => {
  async function installEverything() {
    const harness = await openAt();
    const { home } = harness;
    putOllama(join(home, '.ollama/models'), { name: 'starter:1m', from: smallest });
    put(join(home, '.ollama/models/blobs', `sha256-${'d'.repeat(64)}-partial`), 'half');
    putHubFile(join(home, '.cache/huggingface/hub'), { repo: 'a/b-GGUF', file: 'b.gguf', from: middle });
    copyModel(join(home, '.lmstudio/models/p/r-GGUF/r.gguf'), large);
    copyModel(join(home, '.cache/llama.cpp/x_y-GGUF_z.gguf'), join(starters, 'Starter-1M-Instruct-Q8_0.gguf'));
    const jan = join(home, '.local/share/Jan/data/llamacpp/models/o/r');
    copyModel(join(jan, 'model.gguf'), join(starters, 'Starter-3M-Instruct-Q8_0.gguf'));
    put(join(jan, 'model.yml'), 'model_path: llamacpp/models/o/r/model.gguf\n');
    copyModel(join(home, '.local/share/nomic.ai/GPT4All/g.gguf'), join(starters, 'Starter-7M-Instruct-Q4_K_M.gguf'));
    putDocker(join(home, '.docker/models'), { tags: ['ai/d:latest'], from: [join(starters, 'Starter-7M-Instruct-Q8_0.gguf')] });
    return harness;
  }

  test('nothing of theirs is written, renamed or deleted by scanning, hashing, removing and reclaiming', async () => {
    const { home, library, reopen } = await installEverything();
    const before = snapshotTree(home);
    await library.rescan();
    expect(
      library
        .list()
        .map((artifact) => artifact.owner)
        .sort(),
    ).toEqual(['docker', 'gpt4all', 'hub-cache', 'jan', 'llama-cpp', 'lm-studio', 'ollama']);
    expect(library.apps().every((app) => app.path !== null && app.artifactCount === 1 && app.problem === null)).toBe(true);
    await Promise.all(library.list().map((artifact) => library.whenHashed(artifact.id)));
    for (const { id, owner } of library.list()) {
      if (owner !== 'hub-cache')
        await expect(library.remove(id, { deleteFile: true })).rejects.toMatchObject({ code: 'not-owned', hint: expect.any(String) });
      expect(await library.remove(id)).toEqual({ fileDeleted: false });
    }
    expect(library.list()).toEqual([]);
    const items = await library.reclaimable();
    expect(items).toEqual([expect.objectContaining({ kind: 'partial', owner: 'ollama', canDelete: false, hint: expect.any(String) })]);
    expect((await library.reclaim(items.map((item) => item.id))).failed).toHaveLength(1);
    await (await reopen()).rescan();
    expect(snapshotTree(home)).toEqual(before);
  });

  test('an app is taken off the list and back at once when the setting changes', async () => {
    const { home, library, changes, database, machine } = await installEverything();
    const settings = createSettingsService({ database });
    await library.dispose();
    const harness = await openLibrary({ machine, settings });
    const watched = harness.library;
    expect(watched.list()).toHaveLength(7);
    const ollama = watched.list().find((artifact) => artifact.owner === 'ollama')?.id ?? '';
    watched.markUsed(ollama);
    settings.update({ ignoredApps: ['ollama', 'jan'] });
    expect(watched.get(ollama)).toBeUndefined();
    expect(harness.changes).toContainEqual({ kind: 'removed', id: ollama });
    expect(
      watched
        .apps()
        .filter((app) => !app.isEnabled)
        .map((app) => app.app),
    ).toEqual(['jan', 'ollama']);
    await watched.whenScanned();
    expect(watched.list()).toHaveLength(5);
    const path = join(home, '.local/share/Jan/data/llamacpp/models/o/r/model.gguf');
    expect(await watched.importPath(path)).toEqual([expect.objectContaining({ owner: 'imported', state: 'ready' })]);
    settings.update({ ignoredApps: [] });
    await watched.whenScanned();
    expect(watched.get(ollama)).toMatchObject({ state: 'ready', lastUsedAt: expect.any(Number) });
    void [home, changes];
  });

  test('a blob that two apps link to is one model of the one whose records say more', async () => {
    const { home, library } = await openAt();
    const blob = putOllama(join(home, '.ollama/models'), { name: 'starter:1m', from: smallest });
    mkdirSync(join(home, '.lmstudio/models/a/b-GGUF'), { recursive: true });
    symlinkSync(blob, join(home, '.lmstudio/models/a/b-GGUF/b.gguf'));
    await library.rescan();
    expect(only(library).owner).toBe('ollama');
    mkdirSync(join(home, 'more'));
    linkSync(blob, join(home, 'more/Hard.gguf'));
    copyFileSync(smallest, join(home, 'more/Copy.gguf'));
    await addAndScan(library, join(home, 'more'));
    expect(library.list()).toHaveLength(3);
  });

  test('a file or folder of an app that is imported stays the app’s', async () => {
    const { home, library } = await openAt();
    const path = copyModel(join(home, '.lmstudio/models/a/b-GGUF/b.gguf'));
    await library.rescan();
    expect(await library.importPath(path)).toEqual([expect.objectContaining({ owner: 'lm-studio' })]);
    expect(await library.importPath(join(home, '.lmstudio/models'))).toEqual([expect.objectContaining({ owner: 'lm-studio' })]);
  });
});
