import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { beforeAbort } from '#main/services/beforeAbort.ts';
import { createSharedWork } from '#main/services/sharedWork.ts';

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

test('work is waited for until its signal is set, which nothing listens to afterwards', async () => {
  const { signal } = new AbortController();
  expect(await beforeAbort(Promise.resolve(7), signal)).toBe(7);
  await expect(beforeAbort(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  expect(listeners(signal)).toBe(0);
  const leaving = new AbortController();
  const waiting = beforeAbort(new Promise(() => undefined), leaving.signal);
  leaving.abort(new Error('left'));
  await expect(waiting).rejects.toThrow('left');
  await expect(beforeAbort(new Promise(() => undefined), leaving.signal)).rejects.toThrow('left');
});

test('whoever shares work leaves nothing behind at a signal that outlives it', async () => {
  const shared = createSharedWork<number>();
  const { signal } = new AbortController();
  for (let time = 0; time < 20; time++) expect(await shared.join('one', async () => time, signal)).toBe(time);
  expect(listeners(signal)).toBe(0);
});
