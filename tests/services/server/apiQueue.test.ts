import { describe, expect, it } from 'vitest';
import { createApiQueue } from '#main/services/api/apiQueue.ts';

const never = new AbortController().signal;

function openQueue(limits: { parallel: number; queueLimit: number }) {
  let clock = 0;
  const queue = createApiQueue({ parallel: () => limits.parallel, queueLimit: () => limits.queueLimit, now: () => clock });
  const order: string[] = [];
  const enter = (
    name: string,
    options: { readonly client?: string; readonly model?: string; readonly signal?: AbortSignal; readonly isFurther?: boolean } = {},
  ) =>
    queue.enter(options.model ?? 'm', { ...options, client: options.client ?? name, signal: options.signal ?? never }).then((leave) => {
      order.push(name);
      return leave;
    });
  return { queue, order, enter, pass: (ms: number) => (clock += ms) };
}

describe('the queue of a model', () => {
  it('lets in as many as the model answers side by side, then in the order of asking', async () => {
    const { enter, order, queue } = openQueue({ parallel: 2, queueLimit: 10 });
    const [a, b] = await Promise.all([enter('a'), enter('b')]);
    const [c, d] = [enter('c'), enter('d')];
    expect(queue.waiting).toBe(2);
    a();
    await c;
    expect(order).toEqual(['a', 'b', 'c']);
    b();
    b();
    await d;
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(queue.waiting).toBe(0);
  });

  it('does not let a client with many requests keep another one out', async () => {
    const { enter, order } = openQueue({ parallel: 2, queueLimit: 100 });
    const [first, second] = await Promise.all([enter('many-0', { client: 'many' }), enter('many-1', { client: 'many' })]);
    for (let number = 2; number < 20; number++) void enter(`many-${number}`, { client: 'many' });
    const other = enter('other');
    first();
    await other;
    expect(order).toEqual(['many-0', 'many-1', 'other']);
    second();
    await Promise.resolve();
    expect(order).toHaveLength(4);
  });

  it('keeps a busy model from nobody else', async () => {
    const { enter } = openQueue({ parallel: 1, queueLimit: 0 });
    await enter('a');
    await expect(enter('b')).rejects.toMatchObject({ problem: { status: 429 } });
    await enter('c', { model: 'another' });
  });

  it('says when to ask again by how long answers take, and never more than a minute', async () => {
    const { enter, pass } = openQueue({ parallel: 1, queueLimit: 0 });
    const refused = async (): Promise<unknown> => enter('x').catch((error: { problem: unknown }) => error.problem);
    const first = await enter('a');
    expect(await refused()).toMatchObject({ retryAfterSeconds: 1 });
    pass(7500);
    first();
    const second = await enter('b');
    expect(await refused()).toMatchObject({ retryAfterSeconds: 8 });
    pass(10 * 60_000);
    second();
    await enter('c');
    expect(await refused()).toMatchObject({ retryAfterSeconds: 60 });
  });

  it('lets further answers of a request wait where nobody else may, and counts them for nobody', async () => {
    const { enter, queue } = openQueue({ parallel: 1, queueLimit: 1 });
    const first = await enter('a');
    const further = enter('a', { isFurther: true });
    expect(queue.waiting).toBe(0);
    const other = enter('b');
    await expect(enter('c')).rejects.toMatchObject({ problem: { status: 429 } });
    first();
    (await further)();
    await other;
  });

  it('lets go of who leaves while waiting, at once and without a place', async () => {
    const { enter, queue } = openQueue({ parallel: 1, queueLimit: 10 });
    const first = await enter('a');
    const leaving = new AbortController();
    const gone = enter('b', { signal: leaving.signal });
    const stays = enter('c');
    leaving.abort('reasons of its own');
    await expect(gone).rejects.toMatchObject({ code: 'cancelled' });
    expect(queue.waiting).toBe(1);
    await expect(enter('d', { signal: leaving.signal })).rejects.toMatchObject({ code: 'cancelled' });
    first();
    await stays;
  });

  it('lets more in when the limit is raised', async () => {
    const limits = { parallel: 1, queueLimit: 10 };
    const { enter, queue } = openQueue(limits);
    await enter('a');
    const [b, c] = [enter('b'), enter('c')];
    limits.parallel = 3;
    queue.wake();
    await Promise.all([b, c]);
    expect(queue.waiting).toBe(0);
  });
});
