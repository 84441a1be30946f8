import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Artifact } from '#shared/contract/models.ts';
import { hubTokens } from '../../fixtures/hub/startHub.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { bytesSent, filesBelow, openDownloads, request, virtualRepo, when } from './downloadHarness.ts';

const file = 'Tiny-Q4_K_M.gguf';
const gated = { 'org/Gated-GGUF': virtualRepo({ [file]: 100_000 }, { gated: 'auto' }) };
const open = { 'org/Tiny-GGUF': virtualRepo({ [file]: 100_000 }) };

test('a gated repo is refused before anything is queued: without a token, and with one whose account has not accepted', async () => {
  const signedOut = await openDownloads(gated);
  const page = `${signedOut.hub.url}/org/Gated-GGUF`;
  await expect(signedOut.downloads.start(request('org/Gated-GGUF', file))).rejects.toMatchObject({
    code: 'token-needed',
    hint: expect.stringContaining(page),
  });
  expect(signedOut.downloads.list()).toEqual([]);

  const stranger = await openDownloads(gated, { env: { HF_TOKEN: hubTokens.user } });
  await expect(stranger.downloads.start(request('org/Gated-GGUF', file))).rejects.toMatchObject({
    code: 'licence-not-accepted',
    hint: expect.stringContaining(`${stranger.hub.url}/org/Gated-GGUF`),
  });
  expect(filesBelow(stranger.cache)).toEqual([]);
});

test('with access a gated repo is fetched, and the token is in no log', async () => {
  const harness = await openDownloads(gated, { env: { HF_TOKEN: hubTokens.granted } });
  const job = await harness.downloads.start(request('org/Gated-GGUF', file));
  await harness.downloads.whenDone(job.id);
  expect(harness.hub.stats().cdnAuthLeaks).toBe(0);
  expect(JSON.stringify(harness.logged)).not.toContain(hubTokens.granted);
});

test.each([
  ['a repo that is not there', 'org/Nothing-GGUF', file, 'repo-not-found'],
  ['a file that is not there', 'org/Tiny-GGUF', 'Tiny-Q8_0.gguf', 'quant-not-found'],
  ['a file name that leaves the folder', 'org/Tiny-GGUF', '../../evil.gguf', 'unsafe-file-name'],
  ['a repo name made of dots', '../..', file, 'unsafe-file-name'],
])('%s is refused in words, and nothing is written', async (_what, repo, name, code) => {
  const harness = await openDownloads(open);
  await expect(harness.downloads.start(request(repo, name))).rejects.toMatchObject({ code, hint: expect.any(String) });
  expect(harness.downloads.list()).toEqual([]);
  expect(filesBelow(harness.cache)).toEqual([]);
});

test('a quant whose parts are not all there is refused, and says which', async () => {
  const part = (index: number): string => `Big-Q4_K_M-0000${index}-of-00003.gguf`;
  const harness = await openDownloads({ 'org/Big-GGUF': virtualRepo({ [part(1)]: 1000, [part(3)]: 1000 }) });
  await expect(harness.downloads.start(request('org/Big-GGUF', part(1)))).rejects.toMatchObject({
    code: 'repo-file-not-found',
    message: expect.stringContaining('part 2 of 3'),
  });
});

test('a name that claims more parts than anybody uploads is refused in a line', async () => {
  const part = 'Big-Q4_K_M-00001-of-99999.gguf';
  const harness = await openDownloads({ 'org/Big-GGUF': virtualRepo({ [part]: 1000 }) });
  await expect(harness.downloads.start(request('org/Big-GGUF', part))).rejects.toMatchObject({
    message: 'org/Big-GGUF lacks part 2, 3, 4, 5, 6 and more of 99999 of this quant.',
  });
});

test('hostile file names of a repo are never fetched with a quant that is fine', async () => {
  const names = [
    '../../../escaped-Q4_K_M.gguf',
    '/absolute-Q4_K_M.gguf',
    'con.gguf',
    'mmproj-..\\..\\x-F16.gguf',
    '..',
    'a/../../mmproj-F16.gguf',
  ];
  const harness = await openDownloads({
    'org/Tiny-GGUF': virtualRepo({ [file]: 100_000, ...Object.fromEntries(names.map((name) => [name, 1000])) }),
  });
  const job = await harness.downloads.start(request('org/Tiny-GGUF', file));
  expect(job.files.map((part) => part.file)).toEqual([file]);
  await harness.downloads.whenDone(job.id);
  expect(filesBelow(harness.folder).filter((path) => !path.startsWith('cache/') && !path.startsWith('rightsize.db'))).toEqual([]);
  for (const name of names)
    await expect(harness.downloads.start(request('org/Tiny-GGUF', name))).rejects.toMatchObject({ hint: expect.any(String) });
});

test('a hub that lies about a hash is found out: nothing is ready and nothing is handed over', async () => {
  const harness = await openDownloads({
    'org/Lies-GGUF': { model: { virtual: { [file]: { size: 300_000, seed: 1, sha256: 'ab'.repeat(32) } } } },
  });
  const job = await harness.downloads.start(request('org/Lies-GGUF', file));
  await expect(harness.downloads.whenDone(job.id)).rejects.toMatchObject({ code: 'hash-mismatch' });
  expect(harness.downloads.list()[0]).toMatchObject({ state: 'failed', path: null, artifactId: null });
  expect(harness.added).toEqual([]);
  expect(filesBelow(harness.cache).filter((path) => !path.includes('.incomplete'))).toEqual([]);
  await harness.downloads.cancel(job.id);
  expect(filesBelow(harness.cache)).toEqual([]);
});

test('another file that has the name is left as it is, and the download goes on once it is out of the way', async () => {
  const harness = await openDownloads(open);
  const folder = join(harness.folder, 'models');
  const inTheWay = join(folder, 'org/Tiny-GGUF', file);
  mkdirSync(dirname(inTheWay), { recursive: true });
  writeFileSync(inTheWay, 'mine');
  const refused = { code: 'file-in-the-way', message: expect.stringContaining(file) };
  await expect(harness.downloads.start(request('org/Tiny-GGUF', file), { folder })).rejects.toMatchObject(refused);

  // Of the same size, so that only reading it tells.
  writeFileSync(inTheWay, Buffer.alloc(100_000));
  const job = await harness.downloads.start(request('org/Tiny-GGUF', file), { folder });
  await expect(harness.downloads.whenDone(job.id)).rejects.toMatchObject(refused);
  expect(readFileSync(inTheWay)).toEqual(Buffer.alloc(100_000));

  rmSync(inTheWay);
  await harness.downloads.resume(job.id);
  expect(await harness.downloads.whenDone(job.id)).toMatchObject({ state: 'ready', path: inTheWay });
});

test('a folder that leads out of the download folder by a link is refused, and nothing is written there', async () => {
  const harness = await openDownloads(open);
  const folder = join(harness.folder, 'models');
  const outside = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  symlinkSync(outside, join(folder, 'org'));
  await expect(harness.downloads.start(request('org/Tiny-GGUF', file), { folder })).rejects.toMatchObject({ code: 'folder-unwritable' });
  expect(filesBelow(outside)).toEqual([]);
});

test('a download folder that cannot be made is refused in words', async () => {
  const harness = await openDownloads(open);
  const notAFolder = join(harness.folder, 'file');
  writeFileSync(notAFolder, '');
  for (const folder of [notAFolder, join(notAFolder, 'models')])
    await expect(harness.downloads.start(request('org/Tiny-GGUF', file), { folder })).rejects.toMatchObject({
      code: 'folder-unwritable',
      message: expect.stringContaining('a file has its name'),
    });
});

test('a folder that vanished under a download that had begun is not made anew on another disk', async () => {
  const harness = await openDownloads(
    { 'org/Tiny-GGUF': virtualRepo({ [file]: 3_000_000 }) },
    { hub: { faults: [{ kind: 'data', throttle: 100_000 }] } },
  );
  const folder = join(harness.folder, 'usb');
  const job = await harness.downloads.start(request('org/Tiny-GGUF', file), { folder });
  await new Promise<void>((resolve) => {
    harness.downloads.subscribe((change) => change.kind === 'job' && change.job.bytesDone > 0 && resolve());
  });
  await harness.downloads.pause(job.id);
  renameSync(folder, `${folder}-unplugged`);
  await harness.downloads.resume(job.id);
  await expect(harness.downloads.whenDone(job.id)).rejects.toMatchObject({
    code: 'folder-unwritable',
  });

  renameSync(`${folder}-unplugged`, folder);
  harness.hub.setFaults([]);
  await harness.downloads.resume(job.id);
  expect(await harness.downloads.whenDone(job.id)).toMatchObject({ state: 'ready', path: join(folder, 'org/Tiny-GGUF', file) });
});

test('a download whose folder was deleted begins anew when it is asked for again', async () => {
  const harness = await openDownloads(
    { 'org/Tiny-GGUF': virtualRepo({ [file]: 3_000_000 }) },
    { hub: { faults: [{ kind: 'data', throttle: 100_000 }] } },
  );
  const job = await harness.downloads.start(request('org/Tiny-GGUF', file));
  await when(harness.downloads, job.id, ({ bytesDone }) => bytesDone > 0);
  await harness.downloads.pause(job.id);
  rmSync(harness.cache, { recursive: true });
  harness.hub.setFaults([]);
  const again = await harness.downloads.start(request('org/Tiny-GGUF', file));
  expect(await harness.downloads.whenDone(again.id)).toMatchObject({ state: 'ready', problem: null });
  expect(harness.downloads.list()).toHaveLength(1);
});

test('bytes that make no model are kept, and what is wrong with them is said', async () => {
  const harness = await openDownloads(open);
  const problem = { code: 'not-gguf', message: 'This is no GGUF file.' };
  const downloads = await harness.reopen({
    library: { list: () => [], addDownloaded: () => Promise.resolve({ id: 'tiny', problem } as Artifact) },
  });
  const ready = await downloads.whenDone((await downloads.start(request('org/Tiny-GGUF', file))).id);
  expect(ready).toMatchObject({ state: 'ready', artifactId: 'tiny', problem });
  expect(bytesSent(harness.hub)).toBe(100_000);
});
