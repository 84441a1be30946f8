import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadPlan } from '#shared/contract/fit.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import { softwareGpu } from '../../fixtures/softwareGpu.ts';
import type { AppUnderTest } from '../appUnderTest.ts';
import { askPage } from '../askPage.ts';
import { chatFromFirstRun, goTo } from '../clickThrough.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

interface Frame {
  readonly kind: string;
  readonly id: number;
  readonly route?: string;
}

/** Everything that goes over the page's pipe from its next opening on. */
function recordPipe(page: Page): { readonly sent: readonly Frame[]; readonly received: readonly Frame[] } {
  const frames = { sent: [] as Frame[], received: [] as Frame[] };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => frames.sent.push(JSON.parse(String(payload)) as Frame));
    socket.on('framereceived', ({ payload }) => frames.received.push(JSON.parse(String(payload)) as Frame));
  });
  return frames;
}

describe('the live charts', () => {
  let app: AppUnderTest;
  let pipe: ReturnType<typeof recordPipe>;

  beforeAll(async () => {
    app = await startServe();
    pipe = recordPipe(app.page);
    await app.page.reload();
    await chatFromFirstRun(app.page);
  });
  afterAll(() => app.stop());

  const streams = (): readonly number[] => pipe.sent.filter(({ route }) => route === 'system.load').map(({ id }) => id);
  const readings = (stream: number | undefined): number => pipe.received.filter(({ kind, id }) => kind === 'item' && id === stream).length;
  const isClosed = (stream: number | undefined): boolean => pipe.sent.some(({ kind, id }) => kind === 'cancel' && id === stream);
  /** As a window that is minimised or a tab that is left. */
  const setHidden = (hidden: boolean): Promise<void> =>
    app.page.evaluate((isHidden) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (isHidden ? 'hidden' : 'visible') });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  const nothingMoreOf = async (stream: number | undefined): Promise<void> => {
    const before = readings(stream);
    // The pipe keeps the order: what was produced before the next reading of another stream would have come before it.
    const socket = streams().length;
    await setHidden(false);
    await expect.poll(() => streams().length).toBe(socket + 1);
    await expect.poll(() => readings(streams().at(-1)), { timeout: 30_000 }).toBeGreaterThan(0);
    expect(readings(stream)).toBe(before);
  };

  it('are read only from the moment their page is opened', async () => {
    expect(streams()).toEqual([]);
    await goTo(app.page, 'Hardware');
    await expect.poll(() => readings(streams()[0]), { timeout: 30_000 }).toBeGreaterThan(1);
  });

  it('are not read while the window is hidden', async () => {
    const [first] = streams();
    await setHidden(true);
    await expect.poll(() => isClosed(first)).toBe(true);
    await nothingMoreOf(first);
  });

  it('are not read on any other page', async () => {
    const open = streams().at(-1);
    await goTo(app.page, 'Library');
    await expect.poll(() => isClosed(open)).toBe(true);
    expect(streams().every(isClosed)).toBe(true);
  });

  it('broke nothing', () => {
    expect(app.problems).toEqual([]);
  });
});

const gpu = softwareGpu('the app with a GPU');

const model = 'starter-7m-instruct-q8_0';

describe.skipIf(gpu === null)('with a GPU', () => {
  let app: AppUnderTest;

  beforeAll(async () => {
    app = await startServe({ env: gpu ?? {} });
    await chatFromFirstRun(app.page);
  });
  afterAll(() => app.stop());

  it('is named, with its memory', async () => {
    await goTo(app.page, 'Hardware');
    await app.page
      .getByText(/^llvmpipe/)
      .first()
      .waitFor();
  });

  it('shows what fits with it and without', async () => {
    const { page } = app;
    const grid = page.getByRole('table', { name: /^What fits at / });
    const cells = (): Promise<readonly string[]> =>
      grid.getByRole('button').evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label') ?? ''));
    await grid.waitFor();
    expect((await cells()).some((words) => /fits GPU|layers on GPU/.test(words))).toBe(true);
    const choice = page.getByRole('group', { name: 'Plan with the GPU' });
    const choose = async (name: string): Promise<void> => {
      await choice.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await choose('Without');
    await expect.poll(async () => (await cells()).some((words) => /GPU/.test(words))).toBe(false);
    await choose('With GPU');
    await expect.poll(async () => (await cells()).some((words) => /GPU/.test(words))).toBe(true);
    expect(await inspectScreen(page, 'fit-hardware-gpu')).toEqual([]);
  });

  it('plans a load on it, says so, loads with its layers there and shows what it took', async () => {
    const { page } = app;
    await goTo(page, 'Library');
    await expect
      .poll(() =>
        page
          .getByRole('row', { name: /Starter 7M Instruct.*Q8_0/ })
          .locator('.fit')
          .getAttribute('title'),
      )
      .toBe('Fits GPU');
    const plan = (await askPage(page, 'models.plan', { id: model })) as LoadPlan;
    expect(plan).toMatchObject({ backend: 'vulkan', options: { gpuLayers: 9 } });
    expect(plan.reasons[0]).toMatch(/GPU/);
    // Loaded and not asked: an answer of a device in software takes long.
    const loaded = (await askPage(page, 'models.load', { id: model })) as LoadedModel;
    expect(loaded).toMatchObject({ backend: 'vulkan', gpuLayers: 9, layers: 9 });
    expect(loaded.measured?.gpuBytes).toBeGreaterThan(0);
    await goTo(page, 'Hardware');
    const models = page.getByRole('region', { name: 'Loaded models' });
    await models.getByText(/9\/9 layers on GPU/).waitFor();
    await models.getByText(/^estimated .*, measured /).waitFor();
    await page
      .getByRole('region', { name: 'Recent loads' })
      .getByRole('row', { name: /Starter 7M Instruct .*9\/9 layers/ })
      .waitFor();
  });

  it('broke nothing', () => {
    expect(app.problems).toEqual([]);
  });
});
