import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putHubFile, putOllama, sha256Of, snapshotTree } from '../../services/library/appTrees.ts';
import { copyModel, smallest } from '../../services/library/libraryHarness.ts';
import { type CommandLine, type Document, documentOf, errorOf, newCommandLine } from './commandLine.ts';

let cli: CommandLine;
let person: string;
beforeEach(async () => {
  cli = await newCommandLine();
  person = join(cli.home, 'person');
});
afterEach(() => cli[Symbol.asyncDispose]());

const artifactsOf = (document: Document): Document[] => document['artifacts'] as Document[];
const notBundled = (document: Document): Document[] => artifactsOf(document).filter((artifact) => artifact['owner'] !== 'bundled');

describe('scan', () => {
  it('finds the models of other apps and says in which', async () => {
    const blob = putOllama(join(person, '.ollama/models'), { name: 'llama3.2:3b', from: smallest });
    const before = snapshotTree(person);
    const end = await cli.run('scan', '--json');
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const document = documentOf(end);
    expect(notBundled(document)).toMatchObject([
      { id: 'llama3.2-3b', path: blob, repo: null, quant: 'Q4_K_M', sizeBytes: 841_376, sha256: sha256Of(smallest), owner: 'ollama' },
    ]);
    expect((document['apps'] as Document[]).find((app) => app['app'] === 'ollama')).toMatchObject({ label: 'Ollama', artifactCount: 1 });
    expect(snapshotTree(person)).toEqual(before);
    const words = await cli.run('scan');
    expect(words.stderr).toContain('Ollama: 1 model, 0.8 MB, used where they are.');
    expect(words.stdout).toMatch(/llama3\.2-3b .* Ollama +ready/);
  });
});

describe('import', () => {
  it('takes no path for wrong usage, and not for the folder it stands in', async () => {
    expect(await cli.run('import', '')).toMatchObject({ code: 2 });
  });
});

describe('remove', () => {
  it('never deletes another app’s file, told to or not, and says how that app does', async () => {
    const blob = putOllama(join(person, '.ollama/models'), { name: 'llama3.2:3b', from: smallest });
    const refused = await cli.run('remove', 'llama3.2:3b', '--delete-file', '--json');
    expect(refused.code).toBe(1);
    expect(errorOf(refused)).toMatchObject({ code: 'not-owned', hint: expect.stringContaining('ollama rm llama3.2:3b') });
    expect(documentOf(await cli.run('remove', 'llama3.2:3b', '--json'))).toMatchObject({ fileDeleted: false });
    expect(notBundled(documentOf(await cli.run('list', '--json')))).toEqual([]);
    expect(existsSync(blob)).toBe(true);
    expect(artifactsOf(documentOf(await cli.run('import', blob, '--json')))).toMatchObject([{ id: 'llama3.2-3b', owner: 'ollama' }]);
  });

  it('deletes a file of a folder or of the hub’s cache only when told to', async () => {
    const path = copyModel(join(cli.home, 'folder/Model.gguf'));
    const cached = putHubFile(join(person, '.cache/huggingface/hub'), { repo: 'a/b-GGUF', file: 'Cached.gguf', from: smallest });
    await cli.run('import', join(cli.home, 'folder'), '--json');
    expect(documentOf(await cli.run('remove', 'model', '--delete-file', '--json'))).toMatchObject({ fileDeleted: true });
    expect(existsSync(path)).toBe(false);
    expect(documentOf(await cli.run('remove', 'cached', '--json'))).toMatchObject({ fileDeleted: false });
    expect(existsSync(cached)).toBe(true);
  });
});
