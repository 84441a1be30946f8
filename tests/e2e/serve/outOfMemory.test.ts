import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editGguf } from '../../fixtures/gguf/editGguf.ts';
import type { AppUnderTest } from '../appUnderTest.ts';
import { askPage } from '../askPage.ts';
import { ask, goTo } from '../clickThrough.ts';
import { startServe } from '../startServe.ts';

const starter = join(import.meta.dirname, '../../../resources/models/Starter-7M-Instruct-Q8_0.gguf');
/** A cache of 2 GiB, and of half of that in 8 bits. */
const longContextTokens = 524_288;
/** Between the two. */
const budgetBytes = 2.05e9;
const isLimitable = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;
if (!isLimitable) process.stdout.write('Skipped: a chat that really runs out of memory. It needs Linux and prlimit.\n');

/** From now on these processes, and those they start, may take so much more memory than they hold now. */
function limitMemory(pids: readonly number[]): void {
  for (const pid of pids) {
    const kibibytes = /^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--data=${Number(kibibytes) * 1024 + budgetBytes}`]);
    if (status !== 0) throw new Error(`prlimit: ${stderr}`);
  }
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

describe.skipIf(!isLimitable)('a chat that runs out of memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-e2e-memory-'));
  let app: AppUnderTest;

  beforeAll(async () => {
    app = await startServe();
    const path = editGguf(starter, join(folder, 'Long-7M-Instruct-Q8_0.gguf'), {
      'general.name': { type: 'string', value: 'Long 7M Instruct' },
      'llama.context_length': { type: 'uint32', value: longContextTokens },
    });
    await askPage(app.page, 'library.import', { path });
    await askPage(app.page, 'settings.update', { firstRunDone: true });
    await app.page.reload();
  });
  afterAll(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers after one press of what is offered', async () => {
    const { page } = app;
    await goTo(page, 'Library');
    await page.getByRole('row', { name: /Long 7M/ }).click();
    await page
      .getByRole('complementary', { name: /^Details of Long 7M/ })
      .getByRole('button', { name: 'Chat' })
      .click();
    limitMemory([app.pid, ...childrenOf(app.pid)]);
    const context = page.getByRole('textbox', { name: 'Context in tokens' });
    await context.fill(String(longContextTokens));
    await context.press('Enter');
    await page.getByRole('textbox', { name: 'Side by side' }).fill('1');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Load (now|again)$/ }).click();
    const problem = page.getByRole('alert');
    await problem.getByText("Long 7M Instruct won't load").waitFor({ timeout: 60_000 });
    await problem.getByRole('button', { name: 'Load with the cache in 8 bits' }).focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('region', { name: 'As it is loaded' })
      .getByText(/because the last try ran out of memory/)
      .waitFor({ timeout: 60_000 });
    const { answer } = await ask(page, 'What is a token?');
    expect(answer).toMatch(/\w/);
    expect(app.problems).toEqual([]);
  });
});
