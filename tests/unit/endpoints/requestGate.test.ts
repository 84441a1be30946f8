import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRequestGate } from '#main/services/endpoints/requestGate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gate and a way to ask it, with the names of those it let in. */
function openGate(options: { readonly concurrency?: number; readonly requestsPerMinute?: number | null }) {
  const gate = createRequestGate({ concurrency: 1, requestsPerMinute: null, now: Date.now, ...options });
  const entered: string[] = [];
  const enter = (name: string, signal = new AbortController().signal): Promise<() => void> =>
    gate.enter(signal).then((leave) => {
      entered.push(name);
      return leave;
    });
  return { gate, entered, enter };
}
const passMs = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the gate of an endpoint', () => {
  it('lets the next one in when one has left, once', async () => {
    const { entered, enter } = openGate({ concurrency: 1 });
    const leave = await enter('a');
    void enter('b');
    void enter('c');
    await passMs(0);
    expect(entered).toEqual(['a']);
    leave();
    leave();
    await passMs(0);
    expect(entered).toEqual(['a', 'b']);
  });

  it('lets so many in within any minute', async () => {
    const { entered, enter } = openGate({ concurrency: 9, requestsPerMinute: 2 });
    (await enter('a'))();
    await passMs(20_000);
    for (const name of ['b', 'c', 'd']) void enter(name).then((leave) => leave());
    await passMs(0);
    expect(entered).toEqual(['a', 'b']);
    await passMs(39_999);
    expect(entered).toEqual(['a', 'b']);
    await passMs(1);
    expect(entered).toEqual(['a', 'b', 'c']);
    await passMs(20_000);
    expect(entered).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets nobody in while the endpoint asks for patience', async () => {
    const { gate, entered, enter } = openGate({ concurrency: 2 });
    gate.holdUntil(Date.now() + 5000);
    void enter('a');
    await passMs(4999);
    expect(entered).toEqual([]);
    await passMs(1);
    expect(entered).toEqual(['a']);
  });

  it('forgets who was cancelled while waiting, and lets the others in', async () => {
    const { entered, enter } = openGate({ concurrency: 1 });
    const leave = await enter('a');
    const stop = new AbortController();
    const waiting = enter('b', stop.signal);
    void enter('c');
    stop.abort();
    await expect(waiting).rejects.toThrow();
    await expect(enter('d', stop.signal)).rejects.toThrow();
    leave();
    await passMs(0);
    expect(entered).toEqual(['a', 'c']);
  });
});
