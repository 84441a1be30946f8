import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DoubleReport } from '../../doubles/electron/control.ts';
import { installedBrowser } from './installedBrowser.ts';

const root = join(import.meta.dirname, '../../..');

/** Runs a script with the double of the `electron` module and answers what it printed and what the double saw. */
async function underTheDouble(script: string): Promise<{ readonly output: string; readonly reports: readonly DoubleReport[] }> {
  const register = join(root, 'tests/doubles/electron/register.ts');
  const child: ChildProcess = spawn(process.execPath, ['--import', register, '--input-type=module', '-e', script], {
    cwd: root,
    env: { ...process.env, CHROME_PATH: installedBrowser ?? '' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const reports: DoubleReport[] = [];
  let output = '';
  child.on('message', (message: DoubleReport) => reports.push(message));
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  await once(child, 'close');
  return { output, reports };
}

it.skipIf(installedBrowser === null)(
  'the desktop app runs Python in a window of its own: hidden, without preload, apart from the page',
  async () => {
    const { output, reports } = await underTheDouble(`
import { app, session } from 'electron';
import { openSandboxWindow } from './src/main/hosts/electron/sandboxWindow.ts';
const page = await openSandboxWindow(process.cwd());
const job = { timeLimitMs: 10_000, memoryLimitBytes: 256 * 2 ** 20, outputLimitBytes: 1000 };
const { signal } = new AbortController();
const run = await page.run({ ...job, code: 'print(6 * 7)' }, { signal });
const own = session.fromPartition('sandbox');
const permission = await new Promise((done) => own.requestHandler(null, 'clipboard-sanitized-write', done, { requestingUrl: 'app://sandbox/' }));
const allowed = await Promise.all(['app://sandbox/page.js', 'app://rightsize/index.html', 'https://example.com/'].map((url) => own.mayRequest(url)));
const statuses = await Promise.all(['page.js', 'package.json'].map(async (name) => (await own.protocol.answer('app://sandbox/' + name, 'GET')).status));
await page.close();
await page.closed;
const late = await page.run({ ...job, code: 'print(1)' }, { signal }).catch((error) => error.message);
process.stdout.write(JSON.stringify({ run, permission, checked: own.checkHandler(), allowed, statuses, late }));
app.exit(0);
`);
    expect(JSON.parse(output)).toEqual({
      run: { state: 'finished', stdout: '42\n', stderr: '', isOutputCut: false, error: null, tookMs: expect.any(Number) },
      permission: false,
      checked: false,
      allowed: [true, false, false],
      statuses: [200, 404],
      late: expect.stringMatching(/gone/),
    });
    const window = reports.find((report) => report.kind === 'window');
    expect(window?.options).toMatchObject({
      show: false,
      webPreferences: {
        partition: expect.not.stringContaining('persist:'),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        webSecurity: true,
        backgroundThrottling: false,
      },
    });
    expect(Object.keys(window?.options['webPreferences'] as object)).not.toContain('preload');
  },
);
