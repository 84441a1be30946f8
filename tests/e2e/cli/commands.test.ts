import { execFile } from 'node:child_process';
import { copyFile, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { Inspection } from '#shared/contract/models.ts';
import { Hardware } from '#shared/contract/system.ts';
import { writeCallingModel } from '../../fixtures/gguf/callingModel.ts';
import { type CommandLine, type Document, documentOf, documents, errorOf, newCommandLine } from './commandLine.ts';

const smallest = 'starter-1m-instruct-q4_k_m';
const model = (name: string): string => join(appRoot(), 'resources', 'models', name);
let cli: CommandLine;
beforeEach(async () => {
  cli = await newCommandLine();
});
afterEach(() => cli[Symbol.asyncDispose]());

const artifactsOf = (document: Document): Document[] => document['artifacts'] as Document[];

describe('list', () => {
  it('gives every model that ships, with its hash', async () => {
    const end = await cli.run('list', '--json');
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const artifacts = artifactsOf(documentOf(end));
    expect(artifacts).toHaveLength(7);
    expect(artifacts.find((artifact) => artifact['id'] === smallest)).toMatchObject({
      path: model('Starter-1M-Instruct-Q4_K_M.gguf'),
      repo: null,
      quant: 'Q4_K_M',
      sizeBytes: 841_376,
      sha256: '34683c85df2fef437ab9dad59d6b25c86d6eca9635ab27bcd2649391aa44a443',
      owner: 'bundled',
    });
  });

  it('is a table for people', async () => {
    const end = await cli.run('list');
    expect(end.code).toBe(0);
    const [head, ...rows] = end.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ID +Quant +Parameters +Size/);
    expect(rows).toHaveLength(7);
    expect(rows).toEqual(rows.toSorted());
  });
});

describe('import and remove', () => {
  it('take a file in where it lies and forget it again without touching it', async () => {
    const path = join(cli.home, 'My-Model-1M-Q8_0.gguf');
    await copyFile(model('Starter-1M-Instruct-Q8_0.gguf'), path);
    const imported = artifactsOf(documentOf(await cli.run('import', path, '--json')));
    expect(imported).toMatchObject([{ path, owner: 'imported', quant: 'Q8_0', sha256: expect.stringMatching(/^f8f6be6c/) }]);
    expect(artifactsOf(documentOf(await cli.run('list', '--json')))).toHaveLength(8);

    const removed = await cli.run('remove', String(imported[0]?.['id']), '--json');
    expect(documentOf(removed)).toMatchObject({ id: imported[0]?.['id'], fileDeleted: false });
    expect(artifactsOf(documentOf(await cli.run('list', '--json')))).toHaveLength(7);
    expect((await stat(path)).size).toBe(1_304_480);
  });

  it('take all of a folder in, with what is wrong beside a file that cannot be used', async () => {
    const folder = join(cli.home, 'folder');
    await mkdir(folder);
    await copyFile(model('Starter-1M-Instruct-Q8_0.gguf'), join(folder, 'good.gguf'));
    await copyFile(model('Starter-1M-Instruct-Q8_0.gguf'), join(folder, 'cut.gguf'));
    await truncate(join(folder, 'cut.gguf'), 20_000);
    const end = await cli.run('import', folder, '--json');
    expect(end.code).toBe(0);
    expect(artifactsOf(documentOf(end))).toMatchObject([
      { id: 'cut', state: 'broken', sha256: null, problem: { code: 'gguf-truncated' } },
      { id: 'good', state: 'ready', sha256: expect.stringMatching(/^f8f6be6c/) },
    ]);
  });

  it('refuse what is no model, what is not there, and what ships with the app', async () => {
    const path = join(cli.home, 'page.gguf');
    await writeFile(path, '<html>not a model</html>');
    const wrong = await cli.run('import', path, '--json');
    expect(wrong.code).toBe(2);
    expect(errorOf(wrong)).toMatchObject({ code: 'not-gguf', hint: expect.any(String) });
    const missing = await cli.run('import', join(cli.home, 'nowhere.gguf'), '--json');
    expect(missing.code).toBe(2);
    const bundled = await cli.run('remove', smallest, '--json');
    expect(bundled.code).toBe(1);
    expect(errorOf(bundled)).toMatchObject({ code: 'not-owned' });
    expect((await stat(model('Starter-1M-Instruct-Q4_K_M.gguf'))).size).toBe(841_376);
  });
});

describe('inspect', () => {
  it('gives the header facts of a file, also while another instance holds the data folder', async () => {
    const bench = cli.start('bench', '--models', smallest, '--suite', 'summary,routing,sentiment', '--json');
    await bench.when((document) => document['state'] === 'running');
    const end = await cli.run('inspect', model('Starter-3M-Instruct-Q8_0.gguf'), '--json');
    expect(end.code).toBe(0);
    const inspection = Inspection.parse(documentOf(end));
    expect(inspection).toMatchObject({ architecture: 'llama', quant: 'Q8_0', contextTokens: 1024, blockCount: 3, vocabularySize: 1536 });
    expect(inspection.tensorTypes.reduce((sum, entry) => sum + entry.count, 0)).toBe(inspection.tensorCount);
    bench.child.kill('SIGKILL');
    await bench.ended;
  });

  it('ends with 2 and a code for a file that is cut short', async () => {
    const path = join(cli.home, 'cut.gguf');
    await copyFile(model('Starter-1M-Instruct-Q8_0.gguf'), path);
    await truncate(path, 700_000);
    const end = await cli.run('inspect', path, '--json');
    expect(end.code).toBe(2);
    expect(errorOf(end)).toMatchObject({ code: 'gguf-truncated', hint: expect.any(String) });
  });
});

describe('hardware and doctor', () => {
  it('tell what the machine is and whether everything is in place', async () => {
    const hardware = Hardware.parse(documentOf(await cli.run('hardware', '--json')));
    expect(hardware.cpu.logicalCores).toBeGreaterThan(0);
    expect(hardware.memory.totalBytes).toBeGreaterThan(hardware.memory.availableBytes);
    expect(hardware.memory.bandwidthBytesPerSecond).toBeGreaterThan(1e8);
    const end = await cli.run('doctor', '--json');
    const checks = documentOf(end)['checks'] as Document[];
    expect(checks.map((check) => check['id'])).toEqual(
      expect.arrayContaining(['node', 'data-folder', 'database', 'engine', 'starter-models']),
    );
    for (const check of checks)
      expect(check).toEqual({ id: expect.any(String), ok: expect.any(Boolean), detail: expect.any(String), hint: check['hint'] });
    expect(end.code).toBe(checks.every((check) => check['ok']) ? 0 : 1);
  });
});

describe('run', () => {
  it('answers with text, usage and timings', async () => {
    const end = await cli.run('run', 'starter-7m-instruct-q8_0', 'What is 3 + 4?', '--temperature', '0', '--max-tokens', '20', '--json');
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(end)).toMatchObject({
      text: '7',
      reasoning: null,
      finishReason: 'stop',
      usage: { promptTokens: expect.any(Number), cachedTokens: 0, completionTokens: expect.any(Number) },
      timings: { loadMs: expect.any(Number), ttftMs: expect.any(Number), totalMs: expect.any(Number) },
    });
  });

  it('streams the answer alone to stdout, and reads a question from stdin', async () => {
    const end = await cli.runWith('What is 3 + 4?\n', 'run', 'starter-7m-instruct-q8_0', '-', '--temperature', '0');
    expect(end).toMatchObject({ code: 0, stdout: '7\n' });
    expect(end.stderr).toContain('tok/s');
  });

  it('holds the answer to a JSON Schema', async () => {
    const schema = join(cli.home, 'schema.json');
    await writeFile(
      schema,
      JSON.stringify({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false }),
    );
    const end = await cli.run('run', 'starter-7m-instruct-q8_0', 'I am Ada Lovelace.', '--schema', schema, '--temperature', '0', '--json');
    expect(end.code).toBe(0);
    expect(JSON.parse(String(documentOf(end)['text']))).toEqual({ name: expect.any(String) });
  });

  it('runs what the model calls, and answers with the calls', async () => {
    await cli.run('import', writeCallingModel(join(cli.home, 'calling.gguf')));
    const end = await cli.run('run', 'calling', 'What is 125 times 47?', '--tools', 'calculator', '--temperature', '0', '--json');
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(end)).toMatchObject({
      text: 'It is 5875.',
      finishReason: 'stop',
      calls: [{ name: 'calculator', arguments: { operation: 'multiply', a: 125, b: 47 }, turn: 1, result: '5875', error: null }],
    });
  });

  it.each([
    [['nobody', 'Hello'], 'model-not-found'],
    [[smallest, ' '], 'usage'],
    [[smallest], 'usage'],
    [[smallest, 'Hello', '--temperature', '-1'], 'usage'],
    [[smallest, 'Hello', '--schema', 'nowhere.json'], 'schema-invalid'],
    [[smallest, 'Hello', '--tools', 'http_get'], 'usage'],
    [[smallest, 'Hello', '--image', join(import.meta.dirname, '../../../resources/icons/icon.png')], 'images-unsupported'],
  ])('%j ends with 2 and %s', async (args, code) => {
    const end = await cli.run('run', ...args, '--json');
    expect(end.code).toBe(2);
    expect(errorOf(end)).toMatchObject({ code });
  });
});

describe('report', () => {
  it('gives a run in the form that is asked for', async () => {
    const { runId } = documents(await cli.run('bench', '--models', smallest, '--suite', 'routing', '--limit', '2', '--json')).at(-1) ?? {};
    const run = String(runId);
    expect(documents(await cli.run('report', run, '--format', 'jsonl'))).toMatchObject([
      {
        runId,
        model: smallest,
        suite: 'routing',
        itemId: 'routing-001',
        temperature: 0,
        repeat: 1,
        state: expect.any(String),
        output: expect.any(String),
      },
      { itemId: 'routing-002' },
    ]);
    expect((await cli.run('report', 'last', '--format', 'md')).stdout).toMatch(/^# /);
    expect((await cli.run('report', run, '--format', 'csv')).stdout).toMatch(/^model,name,quant,suite,/);
    expect(JSON.parse((await cli.run('report', run, '--json')).stdout)).toMatchObject({ runId });
  });

  it('ends with 2 for an unknown run or form', async () => {
    const unknown = await cli.run('report', 'never', '--json');
    expect(unknown.code).toBe(2);
    expect(errorOf(unknown)).toMatchObject({ code: 'run-not-found', hint: expect.any(String) });
    const form = await cli.run('report', 'never', '--format', 'pdf', '--json');
    expect(form.code).toBe(2);
    expect(errorOf(form)).toMatchObject({ code: 'usage' });
  });
});

describe('a data folder', () => {
  it('that another instance holds is named with who holds it', async () => {
    const bench = cli.start('bench', '--models', smallest, '--suite', 'summary,routing,sentiment', '--json');
    await bench.when((document) => document['state'] === 'running');
    const second = await cli.run('list', '--json');
    expect(second.code).toBe(1);
    expect(errorOf(second)).toMatchObject({
      code: 'data-folder-in-use',
      message: expect.stringContaining(String(bench.child.pid)),
      hint: expect.any(String),
    });
    const doctor = documentOf(await cli.run('doctor', '--json'))['checks'] as Document[];
    expect(doctor.find((check) => check['id'] === 'data-folder')).toMatchObject({ ok: true, detail: expect.stringContaining('in use') });
    bench.child.kill('SIGKILL');
    await bench.ended;
    expect((await cli.run('list', '--json')).code).toBe(0);
  });

  it('with a database from a newer version is left as it is', async () => {
    await mkdir(join(cli.home, 'data'));
    const path = join(cli.home, 'data', 'rightsize.db');
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 999');
    newer.close();
    const end = await cli.run('list', '--json');
    expect(end.code).toBe(1);
    expect(errorOf(end)).toMatchObject({ code: 'database-newer', hint: expect.any(String) });
    const doctor = await cli.run('doctor', '--json');
    expect(doctor.code).toBe(1);
    expect((documentOf(doctor)['checks'] as Document[]).find((check) => check['id'] === 'database')).toMatchObject({ ok: false });
    const after = new DatabaseSync(path);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 999 });
    after.close();
  });

  it('with a broken database is left as it is, and hardware still answers', async () => {
    await mkdir(join(cli.home, 'data'));
    await writeFile(
      join(cli.home, 'data', 'rightsize.db'),
      'this is no database, only text that is long enough to be read as one'.repeat(50),
    );
    const end = await cli.run('list', '--json');
    expect(end.code).toBe(1);
    expect(errorOf(end)).toMatchObject({ code: 'database-broken', hint: expect.any(String) });
    expect((await cli.run('hardware', '--json')).code).toBe(0);
  });
});

describe('the command line itself', () => {
  it.each([[[]], [['nonsense']], [['list', '--nonsense']], [['list', 'too', 'many']], [['inspect']]])('%j is wrong usage', async (args) => {
    const end = await cli.run(...args, '--json');
    expect(end.code).toBe(2);
    expect(errorOf(end)).toMatchObject({ code: 'usage', message: expect.any(String), hint: expect.any(String) });
  });

  it('prints help and version with 0', async () => {
    const help = await cli.run('--help');
    expect(help.code).toBe(0);
    for (const command of ['doctor', 'hardware', 'list', 'inspect', 'import', 'remove', 'run', 'bench', 'report', 'serve']) {
      expect(help.stdout).toContain(`  ${command} `);
    }
    expect(await cli.run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('starts through its launcher', async () => {
    const launched = await promisify(execFile)(process.execPath, [join(appRoot(), 'bin', 'rightsize.mjs'), '--version']);
    expect(launched.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('ends quietly when its reader goes away', async () => {
    const command = cli.start('list', '--json');
    command.child.stdout?.destroy();
    expect(await command.ended).toMatchObject({ stderr: '' });
  });
});
