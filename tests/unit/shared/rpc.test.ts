import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connectRpc } from '#shared/rpc/connectRpc.ts';
import type { Frame, FramePipe } from '#shared/rpc/frames.ts';
import { call, type Handlers, stream } from '#shared/rpc/routeTable.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';

const routes = {
  'math.double': call(z.object({ value: z.number() }), z.object({ value: z.number() })),
  'math.fail': call(z.object({ how: z.enum(['coded', 'bug']) }), z.object({})),
  'math.count': stream(z.object({ to: z.number() }), z.object({ value: z.number() }), z.object({ sum: z.number() })),
  'math.wait': stream(z.object({}), z.object({}), z.object({ stopped: z.boolean() })),
};

/** Two ends of one pipe in memory. Frames are cloned as a real pipe would. */
function pipePair(): { page: FramePipe; app: FramePipe; close(): void; sent: Frame[] } {
  const sent: Frame[] = [];
  const ends = [0, 1].map(() => ({ frame: new Set<(frame: unknown) => void>(), close: new Set<() => void>() }));
  const makeEnd = (mine: number): FramePipe => ({
    send(frame) {
      sent.push(frame);
      const copy = structuredClone(frame);
      queueMicrotask(() => ends[1 - mine]?.frame.forEach((listener) => listener(copy)));
    },
    onFrame(listener) {
      ends[mine]?.frame.add(listener);
      return () => ends[mine]?.frame.delete(listener);
    },
    onClose(listener) {
      ends[mine]?.close.add(listener);
      return () => ends[mine]?.close.delete(listener);
    },
  });
  return { page: makeEnd(0), app: makeEnd(1), sent, close: () => ends.forEach((end) => end.close.forEach((listener) => listener())) };
}

function start() {
  const pair = pipePair();
  const bugs: string[] = [];
  const aborted: string[] = [];
  const handlers: Handlers<typeof routes> = {
    'math.double': ({ value }) => Promise.resolve({ value: value * 2 }),
    'math.fail': ({ how }) =>
      Promise.reject(
        how === 'coded'
          ? new RpcError('too-big', 'It is too big.', { hint: 'Try less.', data: { max: 3 } })
          : new TypeError('undefined is not'),
      ),
    'math.count': ({ to }, { emit }) => {
      for (let value = 1; value <= to; value++) emit({ value });
      return Promise.resolve({ sum: (to * (to + 1)) / 2 });
    },
    'math.wait': (_input, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted.push('math.wait');
          resolve({ stopped: true });
        });
      }),
  };
  const stop = serveRpc(pair.app, { routes, handlers, onBug: (_error, route) => bugs.push(route) });
  return { ...pair, rpc: connectRpc<typeof routes>(pair.page), bugs, aborted, stop };
}

describe('a call', () => {
  it('answers with the output of its handler', async () => {
    const { rpc } = start();
    await expect(rpc.call('math.double', { value: 21 })).resolves.toEqual({ value: 42 });
  });

  it('fails with bad-input naming the field when the input does not parse', async () => {
    const { rpc } = start();
    const hostile = { value: '21' } as unknown as { value: number };
    await expect(rpc.call('math.double', hostile)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('value') });
  });

  it('carries code, hint and data of an RpcError across the pipe and reports no bug', async () => {
    const { rpc, bugs } = start();
    await expect(rpc.call('math.fail', { how: 'coded' })).rejects.toMatchObject({ code: 'too-big', hint: 'Try less.', data: { max: 3 } });
    expect(bugs).toEqual([]);
  });

  it('becomes internal and is reported when its handler has a bug', async () => {
    const { rpc, bugs } = start();
    await expect(rpc.call('math.fail', { how: 'bug' })).rejects.toMatchObject({ code: 'internal' });
    expect(bugs).toEqual(['math.fail']);
  });

  it('does not reach inherited properties as routes', async () => {
    const { rpc } = start();
    for (const name of ['constructor', '__proto__', 'toString', 'no.such'])
      await expect(rpc.call(name as 'math.double', { value: 1 })).rejects.toMatchObject({ code: 'unknown-route' });
  });
});

describe('a stream', () => {
  it('delivers its items in order and then its closing value', async () => {
    const { rpc } = start();
    const values: number[] = [];
    const end = await rpc.stream('math.count', { to: 4 }, { onItem: (item) => values.push(item.value) });
    expect(values).toEqual([1, 2, 3, 4]);
    expect(end).toEqual({ sum: 10 });
  });

  it('is cancelled at the serving end when the caller aborts', async () => {
    const { rpc, aborted } = start();
    const controller = new AbortController();
    const ended = rpc.stream('math.wait', {}, { onItem: () => {}, signal: controller.signal });
    queueMicrotask(() => controller.abort());
    await expect(ended).resolves.toEqual({ stopped: true });
    expect(aborted).toEqual(['math.wait']);
  });

  it('fails with pipe-closed and aborts its handler when the pipe closes', async () => {
    const { rpc, close, aborted } = start();
    const ended = rpc.stream('math.wait', {}, { onItem: () => {} });
    await rpc.call('math.double', { value: 1 });
    close();
    await expect(ended).rejects.toMatchObject({ code: 'pipe-closed' });
    expect(aborted).toEqual(['math.wait']);
    await expect(rpc.call('math.double', { value: 1 })).rejects.toMatchObject({ code: 'pipe-closed' });
  });
});

describe('a serving end', () => {
  it('ignores what is no frame and stays alive', async () => {
    const { page, rpc } = start();
    const rubbish: unknown[] = [
      null,
      1,
      'req',
      [],
      {},
      { kind: 'req' },
      { kind: 'req', id: -1, route: 'math.double' },
      { kind: 'nope', id: 1 },
    ];
    for (const frame of rubbish) page.send(frame as Frame);
    await expect(rpc.call('math.double', { value: 1 })).resolves.toEqual({ value: 2 });
  });

  it('refuses an id that is still in use and leaves the first request running', async () => {
    const { page, sent, rpc } = start();
    page.send({ kind: 'req', id: 900, route: 'math.wait', input: {} });
    page.send({ kind: 'req', id: 900, route: 'math.double', input: { value: 1 } });
    await rpc.call('math.double', { value: 1 });
    expect(sent).toContainEqual(expect.objectContaining({ kind: 'err', id: 900, error: expect.objectContaining({ code: 'bad-input' }) }));
    expect(sent.filter((frame) => frame.kind === 'end' && frame.id === 900)).toEqual([]);
  });
});
