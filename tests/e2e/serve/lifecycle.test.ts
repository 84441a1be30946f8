import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHome, removeHome } from '../dataFolder.ts';
import { type ServeProcess, spawnRefusedServe, spawnServe } from '../startServe.ts';

let home: string;
const started: ServeProcess[] = [];

async function start(...args: string[]): Promise<ServeProcess> {
  const serve = await spawnServe(home, args.length === 0 ? {} : { args });
  started.push(serve);
  return serve;
}

beforeEach(() => {
  home = makeHome();
});
afterEach(async () => {
  for (const serve of started.splice(0)) await serve.stop();
  removeHome(home);
});

describe('the serve host', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s and lets go of the data folder', async (signal) => {
    const first = await start();
    expect(await first.stop(signal)).toBe(0);
    const second = await start();
    expect(second.url).not.toBe(first.url);
    // Programs that were given the key go on working.
    expect(second.apiKey).toBe(first.apiKey);
    const models = await fetch(`${second.apiUrl}/models`, { headers: { authorization: `Bearer ${second.apiKey}` } });
    expect(models.status).toBe(200);
  });

  it('lets go of the data folder when it is killed', async () => {
    const first = await start();
    expect(await first.stop('SIGKILL')).toBeNull();
    await expect(start()).resolves.toMatchObject({ url: expect.stringContaining('token=') });
  });

  it('refuses a data folder that another instance holds, and names the holder', async () => {
    await start();
    const refusal = await spawnRefusedServe(home, ['--port', '0']);
    expect(refusal).toMatchObject({ code: 1, error: { code: 'data-folder-in-use', hint: expect.stringContaining('RIGHTSIZE_HOME') } });
    expect(refusal.error.message).toContain('serve');
  });

  it('refuses a chosen port that is taken, with a hint, and keeps nothing locked', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    expect(await spawnRefusedServe(home, ['--port', port])).toMatchObject({
      code: 1,
      error: { code: 'port-in-use', hint: expect.stringContaining('--port') },
    });
    await new Promise((done) => other.close(done));
    await expect(start('--port', port)).resolves.toMatchObject({ origin: `http://127.0.0.1:${port}` });
  });

  it('serves no API when told so', async () => {
    expect(await start('--port', '0', '--no-api')).toMatchObject({ apiUrl: null, apiKey: null });
  });

  it('refuses to listen beyond this machine', async () => {
    expect(await spawnRefusedServe(home, ['--host', '0.0.0.0'])).toMatchObject({
      code: 2,
      error: { code: 'usage', hint: expect.stringContaining('ssh -L') },
    });
  });
});
