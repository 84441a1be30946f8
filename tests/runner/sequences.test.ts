import { describe, expect, it } from 'vitest';
import { createSequencePool } from '#main/runner/sequencePool.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { greedy, starterModel, startLoaded } from './runnerHarness.ts';

const turns = (...contents: readonly string[]): readonly ChatTurn[] =>
  contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));

describe('the sequences of a context', () => {
  it('work side by side, as many as there are; the rest waits in order', async () => {
    const pool = createSequencePool(['a', 'b']);
    const begun: string[] = [];
    const gates = ['one', 'two', 'three'].map((name) => ({ name, gate: Promise.withResolvers<void>() }));
    const all = gates.map(({ name, gate }) =>
      pool.use(turns(name), async (sequence) => {
        begun.push(`${name} in ${sequence}`);
        await gate.promise;
      }),
    );
    expect(begun).toEqual(['one in a', 'two in b']);
    gates[1]?.gate.resolve();
    await all[1];
    await Promise.resolve();
    expect(begun).toEqual(['one in a', 'two in b', 'three in b']);
    for (const { gate } of gates) gate.resolve();
    await Promise.all(all);
  });

  it('are chosen by what they have of the conversation, then by rest', async () => {
    const pool = createSequencePool(['a', 'b', 'c']);
    const where = (...contents: readonly string[]): Promise<string> =>
      pool.use(turns(...contents), (sequence) => Promise.resolve(sequence));
    expect([await where('x'), await where('y'), await where('z')]).toEqual(['a', 'b', 'c']);
    expect(await where('y', 'answer', 'more')).toBe('b');
    expect(await where('new')).toBe('a');
    expect(await where('newer')).toBe('c');
  });

  it('leave a measurement alone: it waits for all, and all wait for it', async () => {
    const pool = createSequencePool(['a', 'b']);
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const measured = Promise.withResolvers<void>();
    const jobs = [
      pool.use(turns('1'), () => first.promise),
      pool.exclusively(() => {
        order.push('measure');
        return measured.promise;
      }),
      pool.use(turns('2'), async () => void order.push('answer')),
    ];
    expect(order).toEqual([]);
    first.resolve();
    await jobs[0];
    await Promise.resolve();
    expect(order).toEqual(['measure']);
    measured.resolve();
    await Promise.all(jobs);
    expect(order).toEqual(['measure', 'answer']);
  });

  it('are not waited for by what was cancelled, and whoever waited behind it moves up', async () => {
    const pool = createSequencePool(['a']);
    const first = Promise.withResolvers<void>();
    const stop = new AbortController();
    const begun: string[] = [];
    const running = pool.use(turns('1'), () => first.promise);
    const given = pool.use(turns('2'), async () => void begun.push('2'), stop.signal);
    const next = pool.use(turns('3'), async () => void begun.push('3'));
    stop.abort();
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    first.resolve();
    await Promise.all([running, next]);
    expect(begun).toEqual(['3']);
  });

  it('stay taken while the engine is still at work on what nobody waits for', async () => {
    const pool = createSequencePool(['a']);
    const engine = Promise.withResolvers<void>();
    expect(await pool.use(turns('1'), (_, use) => Promise.resolve(use.holdUntil(engine.promise)).then(() => 'left'))).toBe('left');
    let hasBegun = false;
    const next = pool.use(turns('2'), async () => {
      hasBegun = true;
    });
    await Promise.resolve();
    expect(hasBegun).toBe(false);
    engine.resolve();
    await next;
    expect(hasBegun).toBe(true);
  });

  it('come free after a failure', async () => {
    const pool = createSequencePool(['a']);
    await expect(pool.use(turns('1'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await pool.use(turns('2'), () => Promise.resolve('yes'))).toBe('yes');
  });
});

describe('a runner with several sequences', () => {
  it('gives each of many greedy questions at once the answer it gets alone, and ends one without disturbing the others', async () => {
    const questions = ['What is a token?', 'What is quantization?', 'What is a GGUF file?', 'Hello!', 'What is RAM?', 'What is a context?'];
    const path = starterModel('3M-Instruct-Q4_K_M');
    const alone = await startLoaded(path);
    const expected: string[] = [];
    for (const question of questions) expected.push((await alone.generate(greedy(question))).text);
    await alone.stop();

    const runner = await startLoaded(path, { sequences: 4 });
    const answers = await Promise.all(questions.map((question) => runner.generate(greedy(question))));
    expect(answers.map(({ text }) => text)).toEqual(expected);

    const stop = new AbortController();
    const endless = runner.generate(
      { ...greedy('Hello!'), sampling: { temperature: 2, topK: null, topP: null, minP: null, maxTokens: 900, seed: 3 } },
      { signal: stop.signal, onItem: () => stop.abort() },
    );
    const [cancelled, other] = await Promise.all([endless, runner.generate(greedy('What is a token?'))]);
    expect(cancelled.finishReason).toBe('cancelled');
    expect(other.text).toBe(expected[0]);
    expect((await runner.measure({ promptTokens: 16, generatedTokens: 4 })).tokensPerSecond).toBeGreaterThan(0);
  });

  it('begins another conversation while others go on, in a sequence that has to forget one first', async () => {
    const runner = await startLoaded(starterModel('1M-Instruct-Q4_K_M'), { sequences: 3 });
    await Promise.all(['one', 'two', 'three'].map((text) => runner.generate(greedy(text, { sampling: { temperature: 0, maxTokens: 2 } }))));
    const stop = new AbortController();
    const schema = { type: 'array', items: { type: 'integer' }, minItems: 400, maxItems: 400 } as const;
    const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const endless = begun.map(({ resolve }, index) =>
      runner.generate(
        { ...greedy(`Count ${index}.`, { schema, prefix: 'reuse' }), sampling: { maxTokens: null } },
        { signal: stop.signal, onItem: (item) => item.kind === 'tokens' && resolve() },
      ),
    );
    await Promise.all(begun.map(({ promise }) => promise));
    expect((await runner.generate(greedy('Hello!', { prefix: 'reuse' }))).finishReason).toBe('stop');
    stop.abort();
    expect((await Promise.all(endless)).map(({ finishReason }) => finishReason)).toEqual(['cancelled', 'cancelled']);
  });
});
