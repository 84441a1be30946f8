import { expect, test } from 'vitest';
import { createLoadAskers } from '#main/services/models/loadAskers.ts';

function ask(askers: ReturnType<typeof createLoadAskers>, options: object = {}, id = 'a') {
  const controller = new AbortController();
  const seen: number[] = [];
  const undone: string[] = [];
  const work = Promise.withResolvers<string>();
  const asker = askers.join(id, { ...options, signal: controller.signal, onProgress: (progress) => seen.push(progress) });
  const waiting = asker.waitFor(work.promise, (made) => undone.push(made));
  waiting.catch(() => undefined);
  return { asker, controller, seen, undone, work, waiting };
}

test('a load goes on while one of those who wait for it is left, and each who leaves is let go at once', async () => {
  const askers = createLoadAskers();
  const [first, second] = [ask(askers), ask(askers)];
  first.controller.abort(new Error('hung up'));
  await expect(first.waiting).rejects.toThrow('hung up');
  expect(first.asker.loadSignal.aborted).toBe(false);
  second.controller.abort();
  expect(first.asker.loadSignal.aborted).toBe(true);
});

test('one that nobody else would take ends with its asker', () => {
  const askers = createLoadAskers();
  const [first, other, elsewhere] = [ask(askers, { contextTokens: 512 }), ask(askers, { contextTokens: 1024 }), ask(askers, {}, 'b')];
  first.controller.abort();
  expect(first.asker.loadSignal.aborted).toBe(true);
  expect([other, elsewhere].map(({ asker }) => asker.loadSignal.aborted)).toEqual([false, false]);
});

test('what is made for somebody who has left is undone, and only that', async () => {
  const askers = createLoadAskers();
  const [left, stayed] = [ask(askers), ask(askers)];
  left.controller.abort();
  left.work.resolve('left');
  stayed.work.resolve('stayed');
  await expect(stayed.waiting).resolves.toBe('stayed');
  expect([left.undone, stayed.undone]).toEqual([['left'], []]);
  stayed.controller.abort();
  expect(left.asker.loadSignal.aborted).toBe(false);
});

test('all who would take the same hear how far it is, and fail with it', () => {
  const askers = createLoadAskers();
  const [first, same, open, other] = [
    ask(askers, { contextTokens: 512 }),
    ask(askers, { contextTokens: 512 }),
    ask(askers),
    ask(askers, { kvType: 'q8_0' }),
  ];
  first.asker.tellProgress(0.5);
  expect([first, same, open, other].map(({ seen }) => seen)).toEqual([[0.5], [0.5], [0.5], []]);
  const error = new Error('broken');
  first.asker.fail(error);
  expect([first, same, open, other].map(({ asker }) => asker.failure)).toEqual([null, { error }, { error }, null]);
});

test('an asker whose signal is set already waits for nothing', async () => {
  const askers = createLoadAskers();
  const asker = askers.join('a', { signal: AbortSignal.abort(new Error('gone')) });
  await expect(asker.waitFor(new Promise(() => undefined), () => undefined)).rejects.toThrow('gone');
  expect(asker.loadSignal.aborted).toBe(true);
});
