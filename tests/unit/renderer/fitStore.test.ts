import { describe, expect, it, vi } from 'vitest';
import type { ArtifactShape, EngineBytes } from '#shared/contract/fit.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { routes } from '#shared/contract/routes.ts';
import type { FramePipe } from '#shared/rpc/frames.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { catalogHeader } from '../../fixtures/page/catalogData.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';
import { artifacts } from '../../fixtures/page/sampleData.ts';

const { shape } = catalogHeader('unsloth/Qwen3-30B-A3B-GGUF', 'a.gguf', false);
const [sample] = artifacts as [Artifact];

function library(count: number): Artifact[] {
  return Array.from({ length: count }, (_, index) => ({ ...sample, id: `model-${index}`, path: `/models/${index}.gguf`, sha256: null }));
}

type Answers = Partial<Handlers<typeof routes>>;

/** A page of its own, connected to an app that answers as it is told. */
async function openPage(handlers: Answers) {
  vi.resetModules();
  const rpc = await import('../../../src/renderer/stores/rpc.ts');
  const fit = await import('../../../src/renderer/stores/fit.ts');
  const engine = await import('../../../src/renderer/stores/engineFigures.ts');
  let close: (() => void) | undefined;
  rpc.connectPage(() => {
    const [page, app] = createMemoryPipe();
    serveRpc(app, { routes, handlers: handlers as Handlers<typeof routes> });
    close = () => page.close();
    return Promise.resolve<FramePipe>(page);
  });
  const known = (model: Artifact) => fit.shapeOf(fit.useFit.getState().shapes, model);
  const size = (): number => fit.useFit.getState().shapes.size;
  return { ...rpc, ...fit, ...engine, known, size, close: () => close?.() };
}

function shapesOf(ids: readonly string[]): { readonly shapes: ArtifactShape[] } {
  return { shapes: ids.map((id) => ({ id, shape, projectorBytes: 0, problem: null })) };
}

describe('the shapes of the library', () => {
  it('are asked for a few at a time, those in view before all others', async () => {
    const asked: (readonly string[])[] = [];
    const release = [Promise.withResolvers<void>()];
    const page = await openPage({
      'fit.shapes': async ({ ids }) => {
        asked.push(ids);
        await release[asked.length - 1]?.promise;
        return shapesOf(ids);
      },
    });
    const models = library(300);
    page.wantAll(models);
    await vi.waitUntil(() => asked.length === 1);
    const inView = models.slice(200, 230);
    page.wantInView(models.slice(100, 130));
    page.wantInView(inView);
    release[0]?.resolve();
    await vi.waitUntil(() => page.size() === 300);
    expect(asked[1]).toEqual(inView.map(({ id }) => id));
    expect(Math.max(...asked.map((ids) => ids.length))).toBeLessThanOrEqual(48);
    expect(asked.flat().toSorted()).toEqual(models.map(({ id }) => id).toSorted());
  });

  it('are kept while their file stays the same, and asked for again when it is another', async () => {
    const answer = vi.fn(async ({ ids }: { ids: string[] }) => shapesOf(ids));
    const page = await openPage({ 'fit.shapes': answer });
    const [model] = library(1) as [Artifact];
    page.wantInView([model]);
    await vi.waitUntil(() => page.known(model) !== undefined);
    const hashed = { ...model, sha256: 'a'.repeat(64), lastUsedAt: 5 };
    page.wantInView([hashed]);
    expect(page.known(hashed)).toMatchObject({ state: 'ready' });
    expect(answer).toHaveBeenCalledTimes(1);

    const replaced = { ...hashed, sizeBytes: model.sizeBytes + 1, sha256: null };
    expect(page.known(replaced)).toBeUndefined();
    page.wantInView([replaced]);
    await vi.waitUntil(() => page.known(replaced) !== undefined);
    expect(answer).toHaveBeenCalledTimes(2);
  });

  it('are forgotten with their model', async () => {
    const page = await openPage({ 'fit.shapes': async ({ ids }) => shapesOf(ids) });
    const models = library(3);
    page.wantInView(models);
    await vi.waitUntil(() => page.size() === 3);
    page.keepShapesOf(models.slice(1));
    expect(page.known(models[0] as Artifact)).toBeUndefined();
    expect(page.size()).toBe(2);
  });

  it('of files that are damaged or gone are not asked for', async () => {
    const answer = vi.fn(async ({ ids }: { ids: string[] }) => shapesOf(ids));
    const page = await openPage({ 'fit.shapes': answer });
    const [broken, missing, fine] = library(3) as [Artifact, Artifact, Artifact];
    page.wantInView([{ ...broken, state: 'broken' }, { ...missing, state: 'missing' }, fine]);
    await vi.waitUntil(() => page.size() === 1);
    expect(answer.mock.calls.flatMap(([{ ids }]) => ids)).toEqual([fine.id]);
  });

  it('are unknown with the reason where a header cannot be used, was left out, or the reading failed', async () => {
    let isDamaged = true;
    const asked: string[] = [];
    const page = await openPage({
      'fit.shapes': async ({ ids }) => {
        asked.push(...ids);
        if (!isDamaged) return shapesOf(ids);
        if (ids.includes('model-2')) throw new RpcError('database-broken', 'The database is damaged.');
        return { shapes: [{ id: 'model-0', shape: null, projectorBytes: 0, problem: 'The header lacks "block_count".' }] };
      },
    });
    const [unusable, leftOut, failing] = library(3) as [Artifact, Artifact, Artifact];
    page.wantInView([unusable, leftOut]);
    await vi.waitUntil(() => page.size() === 2);
    page.wantInView([failing]);
    await vi.waitUntil(() => page.size() === 3);
    expect(page.known(unusable)).toMatchObject({ state: 'unknown', problem: 'The header lacks "block_count".' });
    expect(page.known(leftOut)).toMatchObject({ state: 'unknown' });
    expect(page.known(failing)).toMatchObject({ state: 'unknown', problem: 'The database is damaged.' });

    isDamaged = false;
    asked.length = 0;
    page.wantInView([unusable, failing]);
    await vi.waitUntil(() => page.known(failing)?.state === 'ready');
    expect(asked).toEqual(['model-2']);
  });

  it('that were on their way when the connection was lost are no answer, and asked for once it is back', async () => {
    let calls = 0;
    const page = await openPage({
      'fit.shapes': async ({ ids }) => {
        calls += 1;
        if (calls === 1) await new Promise(() => undefined);
        return shapesOf(ids);
      },
    });
    const models = library(2);
    const stop = page.onConnected(() => page.wantInView(models));
    await vi.waitUntil(() => calls === 1);
    page.close();
    await vi.waitUntil(() => page.size() === 2, { timeout: 5000 });
    expect(page.known(models[0] as Artifact)).toMatchObject({ state: 'ready' });
    stop();
  });
});

describe('the engine’s own figures', () => {
  const question = {
    target: { artifactId: 'model-0' },
    backend: 'cpu',
    placement: { contextTokens: 8192, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 },
  } as const;
  const nothing = { weights: 0, kvAndState: 0, compute: 0 };
  const bytes: EngineBytes = {
    backend: 'cpu',
    placement: question.placement,
    gpu: nothing,
    ram: { weights: 5, kvAndState: 2, compute: 1 },
  };
  const signal = new AbortController().signal;

  it('are asked for once a placement', async () => {
    const answer = vi.fn(async () => ({ engine: bytes, reason: null }));
    const page = await openPage({ 'fit.simulate': answer });
    await page.askEngine(question, { signal });
    await page.askEngine(question, { signal });
    expect(answer).toHaveBeenCalledTimes(1);
    expect(page.useEngineFigures.getState().figures.get(page.questionKey(question))).toEqual({ state: 'known', engine: bytes });
    await page.askEngine({ ...question, placement: { ...question.placement, contextTokens: 4096 } }, { signal });
    expect(answer).toHaveBeenCalledTimes(2);
  });

  it('tell why there is none, and are asked for anew the next time', async () => {
    let hasTime = false;
    const page = await openPage({
      'fit.simulate': async () => (hasTime ? { engine: bytes, reason: null } : { engine: null, reason: 'It did not answer in time.' }),
    });
    const figure = () => page.useEngineFigures.getState().figures.get(page.questionKey(question));
    await page.askEngine(question, { signal });
    expect(figure()).toEqual({ state: 'unknown', reason: 'It did not answer in time.' });
    hasTime = true;
    await page.askEngine(question, { signal });
    expect(figure()).toMatchObject({ state: 'known' });
  });

  it('leave nothing behind when nobody waits any more', async () => {
    const page = await openPage({
      'fit.simulate': (_question, { signal: stopped }) =>
        new Promise((_resolve, reject) => stopped.addEventListener('abort', () => reject(new RpcError('cancelled', 'Cancelled.')))),
    });
    const stopped = new AbortController();
    const asking = page.askEngine(question, { signal: stopped.signal });
    await vi.waitUntil(() => page.useEngineFigures.getState().figures.size === 1);
    stopped.abort();
    await asking;
    expect(page.useEngineFigures.getState().figures.size).toBe(0);
  });
});
