import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { watchAbort } from '#main/runner/abortWatch.ts';

test('work is waited for, however it ends', async () => {
  using aborts = watchAbort(new AbortController().signal);
  expect(await aborts.beside(Promise.resolve(7))).toBe(7);
  await expect(aborts.beside(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
});

test('an abort ends the wait at once, before it and within it, and work that fails later disturbs nobody', async () => {
  const controller = new AbortController();
  using aborts = watchAbort(controller.signal);
  const work = Promise.withResolvers<never>();
  const waiting = aborts.beside(work.promise);
  controller.abort();
  expect(await waiting).toBe('aborted');
  expect(await aborts.beside(work.promise)).toBe('aborted');
  work.reject(new Error('too late'));
  await new Promise((resolve) => setImmediate(resolve));
});

test('nobody listens any more once the work is done, or else a signal made of a lasting one would last as long', async () => {
  const lasting = new AbortController();
  const signal = AbortSignal.any([new AbortController().signal, lasting.signal]);
  {
    using aborts = watchAbort(signal);
    for (let token = 0; token < 3; token++) await aborts.beside(Promise.resolve(token));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
