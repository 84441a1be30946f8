import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, preview } from 'vite';
import { root } from '../scripts/runCommand.ts';

const configFile = join(root, 'tests/fixtures/page/vite.config.ts');
/** A frame that took longer than one and a half of a 60 Hz screen's: the one after it did not come in time. */
const lateMs = 25;

export interface AnswerFrames {
  readonly tokens: number;
  readonly seconds: number;
  /** Between two animation frames while the answer was written, and around its end. */
  readonly gapsMs: readonly number[];
  readonly late: number;
  /** The longest gap in the second after the last token, when the answer becomes a message. */
  readonly endMs: number;
  /** The same time on a page that draws nothing. */
  readonly blankGapsMs: readonly number[];
}

/**
 * The real page, built as it ships, over a made-up service that streams an answer of 10,000 tokens, eight every 16 ms: 500 a second, more
 * than a person's machine writes.
 * @param folder where the page is built; given so that the caller removes it
 */
export async function measureAnswer(browser: Browser, folder: string): Promise<AnswerFrames> {
  await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const server = await preview({ configFile, logLevel: 'error', build: { outDir: folder }, preview: { host: '127.0.0.1', port: 0 } });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}?chat=long#/chat/conversation-2`);
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.fill('Write a long answer.');
    await recordFrames(page);
    await field.press('Enter');
    const answer = page.getByRole('article', { name: /is answering$/ });
    await answer.waitFor();
    await answer.waitFor({ state: 'detached', timeout: 180_000 });
    const endedAt = await page.evaluate<number>('performance.now()');
    await page.waitForTimeout(1_000);
    const frames = await takeFrames(page);
    const gaps = gapsOf(frames);
    const end = gapsOf(frames.filter((at) => at > endedAt - 500));
    await page.goto('about:blank');
    await recordFrames(page);
    await page.waitForTimeout(5_000);
    const blank = gapsOf(await takeFrames(page));
    await context.close();
    return {
      tokens: 10_000,
      seconds: ((frames.at(-1) ?? 0) - (frames[0] ?? 0)) / 1000,
      gapsMs: gaps,
      late: gaps.filter((gap) => gap > lateMs).length,
      endMs: Math.max(...end),
      blankGapsMs: blank,
    };
  } finally {
    await server.close();
  }
}

async function recordFrames(page: Page): Promise<void> {
  await page.bringToFront();
  await page.evaluate(
    '{ globalThis.frames = []; const onFrame = (at) => { globalThis.frames?.push(at); requestAnimationFrame(onFrame); }; requestAnimationFrame(onFrame); }',
  );
}

async function takeFrames(page: Page): Promise<readonly number[]> {
  return await page.evaluate<number[]>('globalThis.frames');
}

function gapsOf(frames: readonly number[]): readonly number[] {
  return frames.slice(1).map((at, index) => at - (frames[index] ?? at));
}
