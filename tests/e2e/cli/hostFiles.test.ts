import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#main/hosts/createLog.ts';
import { appRoot, dataFolder, hostPaths } from '#main/hosts/hostPaths.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rightsize-host-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('data folder', () => {
  const home = join('/', 'home', 'ada');

  it('is RIGHTSIZE_HOME where that is set, on every platform', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(dataFolder({ platform, home, env: { RIGHTSIZE_HOME: folder, XDG_DATA_HOME: '/x', APPDATA: '/y' } })).toBe(folder);
    }
  });

  it("is the platform's own data folder otherwise", () => {
    expect(dataFolder({ platform: 'linux', home, env: {} })).toBe(join(home, '.local', 'share', 'rightsize'));
    expect(dataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: '/data' } })).toBe(join('/data', 'rightsize'));
    expect(dataFolder({ platform: 'darwin', home, env: {} })).toBe(join(home, 'Library', 'Application Support', 'Rightsize'));
    expect(dataFolder({ platform: 'win32', home, env: { APPDATA: join(home, 'Roaming') } })).toBe(join(home, 'Roaming', 'Rightsize'));
  });

  it('finds the resources that ship from any depth', () => {
    expect(appRoot(join(appRoot(), 'src', 'main', 'hosts', 'cli'))).toBe(appRoot());
    expect(hostPaths({ data: folder }).bundledSuites).toBe(join(appRoot(), 'resources', 'suites'));
  });
});

describe('log', () => {
  it('writes one JSON object a line, errors with their cause', async () => {
    const log = createLog({ folder, name: 'cli', now: () => 0 });
    log.info('run-started', { runId: 'a' });
    log.error('bug', { error: new Error('outer', { cause: new Error('inner') }) });
    const lines = (await readFile(join(folder, 'cli.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ at: '1970-01-01T00:00:00.000Z', level: 'info', event: 'run-started', runId: 'a' });
    expect(lines[1].error).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
  });

  it('says ~ where the home folder would stand, whatever the separator, and nowhere else', async () => {
    const home = join(folder, 'ada');
    const log = createLog({ folder, name: 'cli', home });
    const missing = await readFile(join(home, 'models', 'x.gguf')).catch((error: unknown) => error);
    log.error('bug', { error: missing, path: home, other: `${home}lovelace/x` });
    const text = await readFile(join(folder, 'cli.jsonl'), 'utf8');
    const { error, path, other } = JSON.parse(text) as { error: { message: string }; path: string; other: string };
    expect(error.message).toContain(`open '${join('~', 'models', 'x.gguf')}'`);
    expect(path).toBe('~');
    expect(other).toBe(`${home}lovelace/x`);

    const windows = createLog({ folder, name: 'windows', home: 'C:\\Users\\ada' });
    windows.info('event', { path: 'C:\\Users\\ada\\models' });
    expect(JSON.parse(await readFile(join(folder, 'windows.jsonl'), 'utf8'))).toMatchObject({ path: '~\\models' });
  });

  it('moves a full file away and drops the oldest', async () => {
    const log = createLog({ folder, name: 'cli', maxBytes: 200, keep: 2 });
    for (let index = 0; index < 20; index++) log.info('event', { index });
    expect((await readdir(folder)).sort()).toEqual(['cli.jsonl', 'cli.jsonl.1', 'cli.jsonl.2']);
    expect(await readFile(join(folder, 'cli.jsonl'), 'utf8')).toContain('"index":19');
  });

  it('stays silent when it cannot be written', async () => {
    const blocked = join(folder, 'file');
    await writeFile(blocked, '');
    expect(() => createLog({ folder: blocked, name: 'cli' }).info('event')).not.toThrow();
  });
});
