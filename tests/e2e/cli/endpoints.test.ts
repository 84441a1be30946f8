import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCollector } from '../../fixtures/collector/startCollector.ts';
import { startChatServer, streamed } from '../../fixtures/endpoint/chatServer.ts';
import { type CommandLine, documentOf, documents, errorOf, newCommandLine } from './commandLine.ts';

let cli: CommandLine;
beforeAll(async () => {
  cli = await newCommandLine();
});
afterAll(() => cli[Symbol.asyncDispose]());

describe('a model behind an endpoint', () => {
  it('is added with a key from stdin, benchmarked, sent to a collector and forgotten', async () => {
    const server = await startChatServer({ plays: [streamed(['bill', 'ing'])] });
    const added = await cli.runWith('sk-from-stdin\n', 'endpoints', 'add', server.url, '--name', 'Lab', '--key-stdin', '--json');
    expect(documentOf(added)).toMatchObject({ endpoints: [{ id: 'lab', models: ['small', 'large'], hasKey: true }] });
    expect(added.stdout + added.stderr).not.toContain('sk-from-stdin');

    const asked = await cli.run('run', 'endpoint:lab/small', 'Which department?', '--json');
    expect(documentOf(asked)).toMatchObject({ model: 'endpoint:lab/small', text: 'billing', usage: { completionTokens: 2 }, seed: null });
    server.asked.length = 0;

    const bench = await cli.run('bench', '--models', 'endpoint:lab/small', '--suite', 'routing', '--limit', '4', '--json');
    const last = documents(bench).at(-1);
    expect(bench.stderr).toBe('');
    expect(last).toMatchObject({ samples: { done: 4, total: 4 } });
    expect(server.asked).toHaveLength(4);
    expect(server.asked[0]).toMatchObject({ headers: { authorization: 'Bearer sk-from-stdin' }, body: { model: 'small', temperature: 0 } });

    const collector = await startCollector();
    const sent = await cli.run('report', 'last', '--otlp', collector.url, '--json');
    expect(documentOf(sent)).toMatchObject({ sent: { spans: 5, logs: 4, warning: null } });
    expect(collector.complaints).toEqual([]);
    expect(collector.spans.filter(({ name }) => name === 'chat small')).toHaveLength(4);

    expect(documentOf(await cli.run('endpoints', 'remove', 'lab', '--json'))).toEqual({ id: 'lab', removed: true });
    const logs = join(cli.home, 'data', 'logs');
    const logged = (await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8')))).join('');
    expect(logged).not.toContain('sk-from-stdin');
  });

  it('is not asked when it is not known, and a key is not taken from nowhere', async () => {
    const unknown = await cli.run('bench', '--models', 'endpoint:nowhere/small', '--json');
    expect({ code: unknown.code, error: errorOf(unknown) }).toMatchObject({ code: 2, error: { code: 'endpoint-not-found' } });
    const keyless = await cli.run('endpoints', 'add', 'http://127.0.0.1:1/v1', '--key-env', 'NO_SUCH_KEY', '--json');
    expect({ code: keyless.code, error: errorOf(keyless) }).toMatchObject({ code: 2, error: { code: 'usage' } });
  });
});
