import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '#main/storage/database.ts';
import { factTable } from '#main/storage/factTable.ts';
import { migrations } from '#main/storage/migrations/migrations.ts';
import { settingsTable } from '#main/storage/settingsTable.ts';
import { openLibrary, smallest } from '../library/libraryHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

describe('openDatabase', () => {
  test('brings a new file to the newest format, and opens it again with what was written', () => {
    const path = join(temporaryFolder(), 'rightsize.db');
    using first = openDatabase(path);
    expect(first.get<{ user_version: number }>('PRAGMA user_version')?.user_version).toBe(migrations.at(-1)?.version);
    factTable(first).write('bandwidth', { bytes: 5 }, 12);
    first.close();
    using second = openDatabase(path);
    expect(factTable(second).read('bandwidth')).toEqual({ value: { bytes: 5 }, recordedAt: 12 });
    expect(second.problems()).toEqual([]);
  });

  test('runs only the migrations that a file lacks', () => {
    const path = join(temporaryFolder(), 'rightsize.db');
    const one = { version: 1, sql: "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('kept');" };
    openDatabase(path, { migrations: [one] }).close();
    using database = openDatabase(path, { migrations: [one, { version: 2, sql: 'ALTER TABLE a ADD COLUMN y TEXT' }] });
    expect(database.all('SELECT * FROM a')).toEqual([{ x: 'kept', y: null }]);
  });

  test('leaves nothing behind of a migration that fails', () => {
    const path = join(temporaryFolder(), 'rightsize.db');
    const bad = { version: 1, sql: 'CREATE TABLE a (x TEXT) STRICT; CREATE TABLE a (x TEXT) STRICT;' };
    expect(() => openDatabase(path, { migrations: [bad] })).toThrow(/already exists/);
    using database = openDatabase(path, { migrations: [{ version: 1, sql: 'CREATE TABLE a (x TEXT) STRICT' }] });
    expect(database.all('SELECT * FROM a')).toEqual([]);
  });

  test('refuses a database of a newer version and leaves every byte as it was', () => {
    const path = join(temporaryFolder(), 'rightsize.db');
    openDatabase(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 4711');
    newer.close();
    const before = readFileSync(path);
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'database-newer', hint: expect.stringContaining('Update') }));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('refuses a file that is no database and leaves it as it was', () => {
    const path = join(temporaryFolder(), 'rightsize.db');
    writeFileSync(path, 'this is a letter, not a database. '.repeat(500));
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'database-broken' }));
    expect(readFileSync(path, 'utf8')).toContain('this is a letter');
  });

  test('reports a database whose pages were overwritten', () => {
    const path = join(temporaryFolder(), 'rightsize.db');
    using database = openDatabase(path);
    const facts = factTable(database);
    for (let index = 0; index < 200; index++) facts.write(`fact ${index}`, 'x'.repeat(2000), index);
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 4096 * 4);
    writeFileSync(path, bytes);
    expect(() => {
      using broken = openDatabase(path);
      const found = broken.problems();
      expect(found.length).toBeGreaterThan(0);
      broken.all('SELECT * FROM facts');
    }).toThrow(expect.objectContaining({ code: 'database-broken' }));
  });

  test('says that the data folder cannot be written when the file cannot be made', () => {
    expect(() => openDatabase(join(temporaryFolder(), 'missing', 'rightsize.db'))).toThrow(
      expect.objectContaining({ code: 'data-folder-unwritable' }),
    );
  });
});

describe('a full disk', () => {
  test('ends in disk-full, and what was saved before is kept', () => {
    const path = join(temporaryFolder(), 'rightsize.db');
    using database = openDatabase(path, { maxPages: 90 });
    const facts = factTable(database);
    facts.write('kept', 1, 1);
    expect(() => {
      for (let index = 0; index < 1000; index++) facts.write(`big ${index}`, 'x'.repeat(4000), index);
    }).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(facts.read('kept')?.value).toBe(1);
    expect(database.problems()).toEqual([]);
  });

  test('inside a transaction rolls all of it back', () => {
    using database = openDatabase(join(temporaryFolder(), 'rightsize.db'), { maxPages: 90 });
    const facts = factTable(database);
    expect(() =>
      database.transaction(() => {
        for (let index = 0; index < 1000; index++) facts.write(`big ${index}`, 'x'.repeat(4000), index);
      }),
    ).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(facts.read('big 0')).toBeUndefined();
    facts.write('after', 1, 1);
    expect(facts.read('after')?.value).toBe(1);
  });
});

describe('transaction', () => {
  test('takes everything back when the work throws, nested calls included', () => {
    using database = openDatabase(':memory:');
    const facts = factTable(database);
    expect(() =>
      database.transaction(() => {
        facts.write('outer', 1, 1);
        database.transaction(() => facts.write('inner', 1, 1));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(facts.read('outer')).toBeUndefined();
    expect(facts.read('inner')).toBeUndefined();
  });
});

describe('settingsTable', () => {
  test('gives the defaults while nothing was stored, and what was stored later', () => {
    using database = openDatabase(':memory:');
    const settings = settingsTable(database);
    expect(settings.read()).toMatchObject({ theme: 'system', threads: null, keepAliveMinutes: 15 });
    settings.write({ theme: 'dark', threads: 3 });
    settings.write({ threads: null });
    expect(settings.read()).toMatchObject({ theme: 'dark', threads: null, keepAliveMinutes: 15 });
  });

  test('falls back to the default of one value that cannot be read and keeps the others', () => {
    using database = openDatabase(':memory:');
    const settings = settingsTable(database);
    settings.write({ theme: 'dark' });
    database.run("INSERT INTO settings (name, value) VALUES ('threads', '\"many\"'), ('gpu', 'not json')");
    expect(settings.read()).toMatchObject({ theme: 'dark', threads: null, gpu: 'auto' });
  });
});

test('a database of version 2 keeps its models, folders, chats and measurements, and what was shown is shown again', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'rightsize.db');
  const model = join(folder, 'm/Model.gguf');
  mkdirSync(join(folder, 'm'));
  copyFileSync(smallest, model);
  const { size, mtimeMs } = statSync(model);
  const speed = { promptTokensPerSecond: 100, generationTokensPerSecond: 20, measuredAt: 5 };
  const old = openDatabase(path, { migrations: migrations.slice(0, 2) });
  expect(old.get<{ user_version: number }>('PRAGMA user_version')?.user_version).toBe(2);
  old.run('INSERT INTO folders (id, path, added_at) VALUES (?, ?, 1)', 'f1', join(folder, 'm'));
  const artifact = old.run.bind(
    null,
    `INSERT INTO artifacts (id, file_key, name, publisher, repo, quant, files, size_bytes, sha256, owner, folder_id, state, problem, role, architecture,
      parameters, context_tokens, license, has_chat_template, added_at, last_used_at, speed, score)
      VALUES (?, ?, 'Model', 'me', 'me/Model-GGUF', 'Q4_K_M', ?, ?, ?, ?, ?, ?, NULL, ?, 'llama', 12345, 512, 'mit', 1, 7, 8, ?, NULL)`,
  );
  const files = (at: string): string => JSON.stringify([{ path: at, sizeBytes: size, modifiedAtMs: mtimeMs }]);
  artifact('my-model', model, files(model), size, 'e'.repeat(64), 'folder', 'f1', 'ready', 'model', JSON.stringify(speed));
  artifact('gone', join(folder, 'x.gguf'), files(join(folder, 'x.gguf')), 5, null, 'imported', null, 'missing', 'model', null);
  old.run("INSERT INTO conversations VALUES ('c1', 'Chat', 'my-model', '', '{}', 1, 2)");
  old.run("INSERT INTO settings VALUES ('theme', '\"dark\"')");
  old.close();

  using database = openDatabase(path);
  expect(database.get('PRAGMA user_version')).toEqual({ user_version: migrations.at(-1)?.version });
  expect(database.all('SELECT id, model_id FROM conversations')).toEqual([{ id: 'c1', model_id: 'my-model' }]);
  expect(settingsTable(database).read().theme).toBe('dark');
  const { library } = await openLibrary({ database });
  expect(library.folders()).toEqual([expect.objectContaining({ id: 'f1', artifactCount: 1 })]);
  expect(library.get('my-model')).toMatchObject({
    ...{ path: model, owner: 'folder', folderId: 'f1', sha256: 'e'.repeat(64), state: 'ready', speed, lastUsedAt: 8, addedAt: 7 },
    ...{ repo: 'me/Model-GGUF', parameters: 12345, license: 'mit', provenance: null, nameInApp: null, projectorPath: null },
  });
  expect(library.get('gone')).toMatchObject({ state: 'missing', owner: 'imported', lastUsedAt: 8 });
});
