import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServices, type Services } from '#main/services/createServices.ts';
import { comparisonTable } from '#main/storage/comparisonTable.ts';
import { openDatabase } from '#main/storage/database.ts';
import { type Comparison, ComparisonDraft, type ComparisonEvent } from '#shared/contract/comparisons.ts';
import { endpointModelId } from '#shared/contract/endpoints.ts';
import { startChatServer, streamed } from '../../fixtures/endpoint/chatServer.ts';
import { tinyProjector } from '../../fixtures/gguf/tinyProjector.ts';
import { writeTirelessModel } from '../../fixtures/gguf/tirelessModel.ts';
import { writeGguf } from '../../fixtures/gguf/writeGguf.ts';
import { writePng } from '../../fixtures/images/writePng.ts';
import { draftOf } from '../endpoints/endpointHarness.ts';
import { smallest } from '../library/libraryHarness.ts';
import { endless, greedy, large, testPorts, tiny } from '../servicesHarness.ts';

const prompt = 'Is this positive or negative: I love this phone';
const folder = mkdtempSync(join(tmpdir(), 'rightsize-compare-'));
let services: Services;

async function open(): Promise<void> {
  services = await createServices(testPorts({ data: join(folder, 'data') }));
  services.settings.update({ threads: 1 });
  await services.library.whenScanned();
}
beforeAll(open);
afterAll(async () => {
  await services.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function compare(
  draft: Partial<ComparisonDraft>,
  options: { readonly signal?: AbortSignal; readonly onEvent?: (event: ComparisonEvent) => void } = {},
): Promise<{ readonly comparison: Comparison; readonly events: readonly ComparisonEvent[] }> {
  const events: ComparisonEvent[] = [];
  const comparison = await services.comparisons.start(
    ComparisonDraft.parse({ modelIds: [tiny, large], prompt, sampling: { ...greedy, seed: null }, ...draft }),
    {
      signal: options.signal ?? new AbortController().signal,
      emit(event) {
        events.push(event);
        options.onEvent?.(event);
      },
    },
  );
  return { comparison, events };
}

const textOf = (events: readonly ComparisonEvent[], index: number): string =>
  events
    .flatMap((event) => (event.kind === 'answer' && event.index === index && event.event.kind === 'delta' ? [event.event.text] : []))
    .join('');

const copyAs = async (name: string, write: (path: string) => void): Promise<string> => {
  const path = join(folder, name);
  write(path);
  const [artifact] = await services.library.importPath(path);
  return artifact?.id ?? '';
};

describe('a comparison', () => {
  it('asks one model after the other with one drawn seed, streams each and keeps counts and times apart', async () => {
    const { comparison, events } = await compare({});
    expect(comparison).toMatchObject({ prompt, isBlind: false, vote: null, sampling: { seed: expect.any(Number) } });
    expect(comparison.answers.map(({ label, modelId, state }) => [label, modelId, state])).toEqual([
      ['A', tiny, 'complete'],
      ['B', large, 'complete'],
    ]);
    comparison.answers.forEach((answer, index) => {
      expect(textOf(events, index)).toBe(answer.text);
      expect(answer.text).not.toBe('');
      expect(answer.timings).toMatchObject({ loadMs: expect.any(Number), ttftMs: expect.any(Number), totalMs: expect.any(Number) });
      expect(answer.usage).toMatchObject({ cachedTokens: 0, promptTokens: expect.any(Number) });
    });
    const columns = events.flatMap((event) => (event.kind === 'column' ? [`${event.index} ${event.answer.state}`] : []));
    expect(columns).toEqual(['0 streaming', '0 complete', '1 streaming', '1 complete']);
    expect(services.comparisons.open(comparison.id)).toEqual(comparison);
    expect(services.comparisons.list()[0]).toMatchObject({
      id: comparison.id,
      modelNames: ['Starter 1M Instruct Q4_K_M', 'Starter 7M Instruct Q8_0'],
    });
    services.comparisons.remove(comparison.id);
    expect(() => services.comparisons.open(comparison.id)).toThrow(expect.objectContaining({ code: 'comparison-not-found' }));
  });

  it('goes on with the others where one cannot be loaded, and with a model behind an endpoint', async () => {
    const vanished = await copyAs('vanished.gguf', (path) => copyFileSync(smallest, path));
    rmSync(join(folder, 'vanished.gguf'));
    const server = await startChatServer({ plays: [streamed(['From ', 'afar.'])] });
    const { id } = await services.endpoints.save(draftOf({ baseUrl: server.url }));
    const { comparison } = await compare({ modelIds: [vanished, endpointModelId(id, 'small'), tiny], pace: 'together' });
    expect(comparison.answers.map(({ state }) => state)).toEqual(['failed', 'complete', 'complete']);
    expect(comparison.answers[0]?.error).toMatchObject({ code: 'file-missing', message: expect.any(String) });
    expect(comparison.answers[1]).toMatchObject({ modelName: 'small (Lab)', text: 'From afar.', timings: { loadMs: null } });
    expect(server.asked[0]?.body).toMatchObject({ seed: comparison.sampling.seed });
  });

  it('stops one column and lets the other end; refuses a second comparison, a vote and a removal meanwhile', async () => {
    const tireless = await copyAs('tireless.gguf', writeTirelessModel);
    let refused: Promise<unknown> | undefined;
    let id = '';
    const { comparison } = await compare(
      { modelIds: [tireless, tiny], sampling: endless },
      {
        onEvent(event) {
          if (event.kind === 'started') id = event.comparison.id;
          if (event.kind !== 'answer' || event.index !== 0 || event.event.kind !== 'delta' || refused !== undefined) return;
          refused = compare({}).catch((error: unknown) => error);
          for (const act of [() => services.comparisons.vote(id, 0), () => services.comparisons.remove(id)]) {
            expect(act).toThrow(expect.objectContaining({ code: 'comparison-running' }));
          }
          services.comparisons.stop(id, 0);
        },
      },
    );
    expect(await refused).toMatchObject({ code: 'comparison-running' });
    expect(comparison.answers[0]).toMatchObject({ state: 'stopped', finishReason: 'cancelled' });
    expect(comparison.answers[0]?.text).not.toBe('');
    expect(comparison.answers[1]?.state).toBe('complete');
    expect(services.models.loaded().every(({ users }) => users === 0)).toBe(true);
  });

  it('keeps what was written when all of it is stopped', async () => {
    const controller = new AbortController();
    const tireless = services.library.list().find(({ name }) => name === 'Tireless')?.id ?? '';
    const { comparison } = await compare(
      { modelIds: [tireless, tiny], sampling: endless },
      { signal: controller.signal, onEvent: (event) => event.kind === 'answer' && event.event.kind === 'delta' && controller.abort() },
    );
    expect(comparison.answers.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(services.comparisons.open(comparison.id).answers[0]?.text).not.toBe('');
  });

  it('refuses the same model twice, and a model that is not there', async () => {
    await expect(compare({ modelIds: [tiny, tiny] })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(compare({ modelIds: [tiny, 'nobody'] })).rejects.toMatchObject({ code: 'model-not-found' });
    await expect(compare({ modelIds: [tiny, 'endpoint:nobody/small'] })).rejects.toMatchObject({ code: 'endpoint-not-found' });
    expect((await compare({ sampling: { ...greedy, maxTokens: 1 } })).comparison.answers).toHaveLength(2);
  });
});

describe('files that go along', () => {
  const red = writePng({ width: 32, height: 32 }, () => [255, 0, 0]);
  const picture = { kind: 'image' as const, name: 'red.png', mediaType: 'image/png', data: red.toString('base64') };
  const notes = { kind: 'text' as const, name: 'notes.txt', mediaType: 'text/plain', data: Buffer.from('Buy milk').toString('base64') };
  const text = 'notes.txt:\n```\nBuy milk\n```\n\nWhat is it?';

  it('are shown to models that see; one that does not says so, and is not loaded', async () => {
    const sighted = join(folder, 'sighted');
    mkdirSync(sighted);
    copyFileSync(smallest, join(sighted, 'Seeing-1M-Q4_K_M.gguf'));
    writeFileSync(join(sighted, 'mmproj-F16.gguf'), writeGguf(tinyProjector(256)));
    await services.library.addFolder(sighted);
    await services.library.whenScanned();
    const seeing = services.library.list().find(({ projectorPath }) => projectorPath !== null)?.id ?? '';
    const server = await startChatServer({ plays: [streamed(['Red.'])] });
    const { id } = await services.endpoints.save(draftOf({ baseUrl: server.url }));
    await services.models.unload(large);

    const { comparison } = await compare({
      modelIds: [seeing, large, endpointModelId(id, 'small')],
      prompt: 'What is it?',
      attachments: [picture, notes],
      sampling: greedy,
    });
    expect(comparison.answers.map(({ state }) => state)).toEqual(['complete', 'failed', 'complete']);
    expect(comparison.answers[0]?.text).not.toBe('');
    expect(comparison.answers[1]?.error).toMatchObject({ code: 'images-unsupported', hint: expect.any(String) });
    expect(services.models.loaded().map(({ artifactId }) => artifactId)).not.toContain(large);
    expect(server.asked[0]?.body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${picture.data}` } },
          { type: 'text', text },
        ],
      },
    ]);

    const kept = services.comparisons.open(comparison.id).attachments;
    expect(kept).toMatchObject([
      { kind: 'image', name: 'red.png', mediaType: 'image/png', sizeBytes: red.byteLength },
      { kind: 'text', name: 'notes.txt' },
    ]);
    expect(services.comparisons.attachment(kept[0]?.id ?? '').data).toBe(picture.data);
    services.comparisons.remove(comparison.id);
    expect(() => services.comparisons.attachment(kept[0]?.id ?? '')).toThrow(expect.objectContaining({ code: 'comparison-not-found' }));
  });

  it('are refused before anything is kept where no model sees, or where they are broken', async () => {
    const before = services.comparisons.list().length;
    await expect(compare({ attachments: [picture] })).rejects.toMatchObject({ code: 'images-unsupported', hint: expect.any(String) });
    const broken = { ...picture, data: Buffer.from('no picture').toString('base64') };
    await expect(compare({ attachments: [broken] })).rejects.toMatchObject({ code: 'bad-input' });
    expect(services.comparisons.list()).toHaveLength(before);
    const { comparison } = await compare({ attachments: [notes] });
    expect(comparison.answers.map(({ state }) => state)).toEqual(['complete', 'complete']);
  });
});

describe('a blind comparison', () => {
  it('tells nothing that names a model or its speed before the vote, then everything', async () => {
    const { comparison, events } = await compare({ isBlind: true });
    const told = JSON.stringify([events, comparison, services.comparisons.open(comparison.id), services.comparisons.list()[0]]);
    for (const secret of [tiny, large, 'Starter', 'Q4_K_M', 'Q8_0']) expect(told).not.toContain(secret);
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'progress', 'progress']);
    for (const answer of comparison.answers) {
      expect(answer.text).not.toBe('');
      expect(answer).toMatchObject({ state: 'complete', modelId: null, modelName: null, usage: null, timings: null });
    }

    const voted = services.comparisons.vote(comparison.id, 1);
    expect(voted.vote).toBe(1);
    expect(voted.answers.map(({ modelId }) => modelId).toSorted()).toEqual([tiny, large].toSorted());
    expect(voted.answers.map(({ text }) => text)).toEqual(comparison.answers.map(({ text }) => text));
    expect(voted.answers[0]?.timings).not.toBeNull();
    const [best] = services.comparisons.standings();
    expect(best).toMatchObject({ modelId: voted.answers[1]?.modelId, shown: 1, won: 1, tied: 0, lost: 0, high: 1 });

    // Another mind after the names is kept as the preference and not counted; taken back, nothing is.
    expect(services.comparisons.vote(comparison.id, 0).vote).toBe(0);
    expect(services.comparisons.standings()[0]).toMatchObject({ modelId: voted.answers[1]?.modelId, won: 1 });
    expect(services.comparisons.vote(comparison.id, null).vote).toBeNull();
    expect(services.comparisons.standings()).toEqual([]);
  });

  it('hides why a model gave no answer, and tells the names without a vote on demand', async () => {
    const vanished =
      services.library.list().find(({ id }) => id.includes('vanished'))?.id ??
      (await copyAs('gone.gguf', (path) => copyFileSync(smallest, path)));
    rmSync(join(folder, 'gone.gguf'), { force: true });
    const { comparison } = await compare({ modelIds: [vanished, tiny], isBlind: true, pace: 'together' });
    const failed = comparison.answers.find(({ state }) => state === 'failed');
    expect(failed?.error?.code).toBe('comparison-hidden');
    const revealed = services.comparisons.vote(comparison.id, null);
    expect(revealed.answers.find(({ state }) => state === 'failed')?.error?.code).not.toBe('comparison-hidden');
    expect(() => services.comparisons.vote(comparison.id, 2)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(services.comparisons.standings()).toEqual([]);
  });
});

describe('a blind comparison that is stopped', () => {
  it('tells the names, because what is in memory would give them away, and counts no vote', async () => {
    const tireless = services.library.list().find(({ name }) => name === 'Tireless')?.id ?? '';
    const { promise: isWriting, resolve: onWriting } = Promise.withResolvers<string>();
    const unsubscribe = services.models.subscribe((loaded) => {
      if (loaded.some(({ artifactId, users }) => artifactId === tireless && users > 0)) onWriting(tireless);
    });
    let id = '';
    const running = compare(
      { modelIds: [tireless, tiny], sampling: endless, isBlind: true },
      {
        onEvent(event) {
          if (event.kind === 'started') id = event.comparison.id;
        },
      },
    );
    await isWriting;
    for (const index of [0, 1]) services.comparisons.stop(id, index);
    const { comparison } = await running;
    unsubscribe();
    expect(comparison.answers.map(({ modelId }) => modelId).toSorted()).toEqual([tireless, tiny].toSorted());
    expect(services.comparisons.list()[0]?.modelNames).not.toContain(null);
    expect(services.comparisons.vote(id, 0).vote).toBe(0);
    expect(services.comparisons.standings()).toEqual([]);
  });
});

describe('what ended in the middle', () => {
  it('is kept and marked as stopped when the app ends while it is written', async () => {
    const tireless = services.library.list().find(({ name }) => name === 'Tireless')?.id ?? '';
    const { promise: isWriting, resolve: onWriting } = Promise.withResolvers<void>();
    const running = compare(
      { modelIds: [tireless, tiny], sampling: endless },
      { onEvent: (event) => event.kind === 'answer' && event.event.kind === 'delta' && onWriting() },
    );
    await isWriting;
    await services.dispose();
    const { comparison } = await running;
    expect(comparison.answers.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    leaveUnfinished(comparison.id);
    await open();
    expect(services.comparisons.open(comparison.id).answers[0]).toMatchObject({ state: 'stopped', text: comparison.answers[0]?.text });
    expect(services.comparisons.list().find(({ id }) => id === comparison.id)).toBeDefined();
  });
});

/** What a killed app leaves behind: a column that is being written. */
function leaveUnfinished(id: string): void {
  using database = openDatabase(join(folder, 'data', 'rightsize.db'));
  const table = comparisonTable(database);
  const kept = table.get(id);
  if (kept === undefined) throw new Error('The comparison was not kept.');
  table.save({ ...kept, answers: kept.answers.map((answer) => ({ ...answer, state: 'streaming', finishReason: null })) });
}
