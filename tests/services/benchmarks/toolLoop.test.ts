import { describe, expect, it } from 'vitest';
import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { Answer, Answerer } from '#main/services/benchmarks/answerer.ts';
import { type AnswerAids, askItem, type Question } from '#main/services/benchmarks/askItem.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import { createToolbox } from '#main/services/tools/createToolbox.ts';
import type { GenerateRequest, ToolCall } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { missingSandbox, sandboxThat } from '../tools/sandboxes.ts';

type Step = Partial<Answer> | RpcError | 'never';

const timings = { loadMs: null, ttftMs: 5, ttfaMs: 7, promptTokensPerSecond: 100, generationTokensPerSecond: 10, totalMs: 100 };
const calling = (...toolCalls: ToolCall[]): Step => ({ text: '', toolCalls, toolProblem: null });
const add = (a: number, b: number): ToolCall => ({ name: 'calculator', arguments: { operation: 'add', a, b } });

/** A model that says what it is told to, turn by turn, and keeps what it was asked. */
function scripted(...steps: Step[]): { answerer: Answerer; asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = [];
  const answerer: Answerer = {
    modelId: 'scripted',
    knowsTools: true,
    isAlive: true,
    peakMemoryBytes: null,
    residentBytes: null,
    generate: async (request, { signal }) => {
      asked.push(request);
      const step = steps[asked.length - 1];
      if (step === undefined) throw new Error('More was asked than the script holds.');
      if (step === 'never') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      if (step instanceof RpcError) throw step;
      return {
        text: '',
        reasoning: null,
        finishReason: step === 'never' ? 'cancelled' : 'stop',
        usage: { promptTokens: 10, cachedTokens: 4, completionTokens: 3 },
        timings,
        interTokenMs: [50, 50],
        ...(step === 'never' ? {} : step),
      };
    },
    close: async () => undefined,
  };
  return { answerer, asked };
}

function itemOf(changes: Partial<LabelledItem>): LabelledItem {
  return {
    id: 'one',
    task: 'tools',
    system: null,
    input: 'What is 1 + 2?',
    expected: '3',
    grader: { type: 'numeric' },
    labels: null,
    schema: null,
    tags: [],
    tools: ['calculator'],
    ...changes,
  };
}

const plan = { maxTokens: 64, constrained: false, thinking: 'default', turns: 4, answerSeconds: 600 } as const;
const aidsOf = (sandbox: PythonSandbox): AnswerAids => ({ sandbox, makeToolbox: (offer) => createToolbox(offer, { sandbox }) });
const working = sandboxThat(async () => ({ stdout: '42\n' }));

function ask(answerer: Answerer, item: LabelledItem, changes: Partial<Question> = {}, aids = aidsOf(working)) {
  return askItem(answerer, { item, plan, temperature: 0, seed: 1, signal: new AbortController().signal, ...changes }, aids);
}

describe('a question with tools', () => {
  it('goes on until the model calls nothing more, each call before its answer', async () => {
    const { answerer, asked } = scripted(
      { ...(calling(add(1, 2), add(3, 4)) as Partial<Answer>), text: 'Let me see.', reasoning: 'Two sums.' },
      { text: '3', reasoning: 'Done.' },
    );
    const outcome = await ask(answerer, itemOf({ system: 'Be brief.' }));
    expect(asked[1]?.turns).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is 1 + 2?' },
      { role: 'assistant', content: 'Let me see.', toolCalls: [add(1, 2), add(3, 4)], reasoning: 'Two sums.' },
      { role: 'tool', content: '3', toolName: 'calculator' },
      { role: 'tool', content: '7', toolName: 'calculator' },
    ]);
    expect(asked.every((request) => request.tools?.[0]?.name === 'calculator' && request.prefix === 'fixed')).toBe(true);
    expect(outcome).toMatchObject({
      state: 'passed',
      output: '3',
      reasoning: 'Two sums.\n\nDone.',
      calls: [
        { ...add(1, 2), turn: 1, result: '3', error: null },
        { ...add(3, 4), turn: 1, result: '7', error: null },
      ],
      usage: { promptTokens: 20, cachedTokens: 8, completionTokens: 6 },
      work: { modelMs: 200, turns: 2 },
      interTokenMs: [50, 50, 50, 50],
    });
    const toolMs = outcome?.work?.toolMs ?? Number.NaN;
    expect(outcome?.timings).toMatchObject({ ttftMs: 5, totalMs: 200 + toolMs, generationTokensPerSecond: 20 });
    expect(outcome?.timings?.ttfaMs).toBe(100 + toolMs + 7);
  });

  it('takes an answer without a call as it is', async () => {
    const { answerer, asked } = scripted({ text: '3' });
    expect(await ask(answerer, itemOf({ grader: { type: 'tool-calls', calls: [] } }))).toMatchObject({
      state: 'passed',
      work: { turns: 1, toolMs: 0 },
    });
    expect(asked).toHaveLength(1);
  });

  it('lets the model try again after a tool failed, and after it called one that is not there', async () => {
    const { answerer, asked } = scripted(calling(add(1, 2)), calling({ name: 'abacus', arguments: {} }), calling(add(1, 2)), { text: '3' });
    const outcome = await ask(answerer, itemOf({ faults: [{ tool: 'calculator', message: 'Busy, try again.' }] }));
    expect(outcome?.calls?.map(({ turn, error }) => [turn, error])).toEqual([
      [1, 'Busy, try again.'],
      [2, 'There is no tool named "abacus". There are: calculator.'],
      [3, null],
    ]);
    expect(asked[1]?.turns.at(-1)).toEqual({ role: 'tool', content: 'Error: Busy, try again.', toolName: 'calculator' });
    expect(outcome?.state).toBe('passed');
  });

  it('ends at the first call of a tool that is only offered, and runs none', async () => {
    const book = { name: 'book', description: 'Books.', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
    const { answerer, asked } = scripted(calling({ name: 'book', arguments: { city: 'Rome' } }, { name: 'fly', arguments: {} }));
    const outcome = await ask(
      answerer,
      itemOf({ tools: [book], grader: { type: 'tool-calls', calls: [{ name: 'book', arguments: { city: 'Rome' } }] } }),
    );
    expect(asked).toHaveLength(1);
    expect(outcome).toMatchObject({ state: 'failed', output: '', finishReason: 'stop', work: { toolMs: 0 } });
    expect(outcome?.calls).toEqual([
      { name: 'book', arguments: { city: 'Rome' }, turn: 1, result: '', error: null, tookMs: 0 },
      { name: 'fly', arguments: {}, turn: 1, result: '', error: null, tookMs: 0 },
    ]);
  });

  it('shows what is wrong with a call that cannot be read', async () => {
    const { answerer } = scripted({ text: '<tool_call>{', toolCalls: [], toolProblem: 'A call cannot be read: its JSON is not finished.' });
    const outcome = await ask(answerer, itemOf({}));
    expect(outcome?.state).toBe('failed');
    expect(outcome?.grade?.reason).toMatch(/^A call cannot be read/);
  });

  it('binds only the last answer to a schema', async () => {
    const schema = { type: 'object', properties: { sum: { type: 'number' } } };
    const { answerer, asked } = scripted(calling(add(1, 2)), { text: 'It is 3.' }, { text: '{"sum": 3}' });
    const outcome = await ask(answerer, itemOf({ schema, grader: { type: 'json-equal' }, expected: { sum: 3 } }), {
      plan: { ...plan, constrained: true },
    });
    expect(asked.map((request) => request.schema)).toEqual([null, null, schema]);
    expect(asked[2]?.turns).toEqual(asked[1]?.turns);
    expect(outcome).toMatchObject({ state: 'passed', output: '{"sum": 3}', work: { turns: 3 } });
  });

  it('has thinking switched as the plan says, and left alone otherwise', async () => {
    const off = scripted({ text: '3' });
    await ask(off.answerer, itemOf({}), { plan: { ...plan, thinking: 'off' } });
    expect(off.asked[0]?.thinking).toBe('off');
    const left = scripted({ text: '3' });
    await ask(left.answerer, itemOf({}));
    expect(left.asked[0]).not.toHaveProperty('thinking');
  });

  it('counts no tokens where a server counts none', async () => {
    const { answerer } = scripted(calling(add(1, 2)), { text: '3', usage: null });
    expect((await ask(answerer, itemOf({})))?.usage).toBeNull();
  });
});

describe('a limit', () => {
  it('of turns makes the answer a failed one with its calls', async () => {
    const { answerer, asked } = scripted(calling(add(1, 2)), calling(add(1, 2)), { text: '3' });
    const outcome = await ask(answerer, itemOf({}), { plan: { ...plan, turns: 2 } });
    expect(asked).toHaveLength(2);
    expect(outcome).toMatchObject({
      state: 'failed',
      passed: false,
      finishReason: 'limit',
      error: { code: 'limit-reached' },
      work: { turns: 2 },
    });
    expect(outcome?.calls).toHaveLength(2);
    expect(outcome?.grade?.reason).toMatch(/2 turns/);
  });

  it.each([
    ['while the model answers', ['never'] as Step[], 0],
    ['in a later turn', [calling(add(1, 2)), 'never'] as Step[], 1],
  ])('of time %s makes the answer a failed one', async (_when, steps, calls) => {
    const { answerer } = scripted(...steps);
    const outcome = await ask(answerer, itemOf({}), { plan: { ...plan, answerSeconds: 0.02 } });
    expect(outcome).toMatchObject({ state: 'failed', finishReason: 'limit', error: { code: 'limit-reached' } });
    expect(outcome?.calls?.length ?? 0).toBe(calls);
  });

  it('of time that the runner meets with an error makes the answer a failed one', async () => {
    const { answerer } = scripted();
    const broken: Answerer = {
      ...answerer,
      generate: async (_request, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        throw new RpcError('cancelled', 'Stopped.');
      },
    };
    expect(await ask(broken, itemOf({ tools: [] }), { plan: { ...plan, answerSeconds: 0.02 } })).toMatchObject({
      state: 'failed',
      finishReason: 'limit',
      output: null,
    });
  });

  it('of time stands still while a request waits to be sent', async () => {
    const { answerer } = scripted({ text: '3' });
    const waiting: Answerer = {
      ...answerer,
      generate: async (request, asking) => {
        asking.onWaiting?.(true);
        await new Promise((resolve) => setTimeout(resolve, 60));
        asking.onWaiting?.(false);
        return answerer.generate(request, asking);
      },
    };
    expect(await ask(waiting, itemOf({ tools: [] }), { plan: { ...plan, answerSeconds: 0.05 } })).toMatchObject({ state: 'passed' });
  });

  it.each([
    [[], { state: 'skipped', passed: null, error: { code: 'endpoint-stalled' } }],
    [['Thr'], { state: 'failed', passed: false, finishReason: 'limit' }],
  ])('of time is a server’s fault where it sent nothing, and the model’s where it was at work (%j)', async (pieces, expected) => {
    const server: Answerer = {
      ...scripted().answerer,
      modelId: 'endpoint:lab/small',
      generate: async (_request, { signal, onItem }) => {
        for (const text of pieces) onItem?.({ kind: 'tokens', text, reasoning: '', completionTokens: 1, atMs: 1, tokensPerSecond: null });
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        throw new RpcError('cancelled', 'Stopped.');
      },
    };
    expect(await ask(server, itemOf({ tools: [] }), { plan: { ...plan, answerSeconds: 0.02 } })).toMatchObject(expected);
  });

  it('of tokens in a turn cuts the answer, whatever it called', async () => {
    const { answerer } = scripted({ ...(calling(add(1, 2)) as Partial<Answer>), text: '3', finishReason: 'length' });
    const outcome = await ask(answerer, itemOf({}));
    expect(outcome).toMatchObject({ state: 'failed', finishReason: 'length' });
    expect(outcome?.grade?.reason).toMatch(/^Cut off after 3 tokens\./);
  });

  it('of the context leaves a text unasked where depth is what is asked about, and is an error elsewhere', async () => {
    const full = new RpcError('context-full', 'The conversation has 8000 tokens, and 4096 fit.');
    const deep = itemOf({ tools: [], tags: ['depth:8000'] });
    expect(await ask(scripted(full).answerer, deep)).toMatchObject({
      state: 'skipped',
      passed: null,
      error: {
        code: 'context-full',
        message: 'This text is longer than the context of the run, so it was not asked.',
        hint: expect.stringContaining('larger'),
      },
    });
    await expect(ask(scripted(full).answerer, itemOf({ tools: [] }))).rejects.toBe(full);
  });

  it('of the context that the calls themselves have filled cuts the answer', async () => {
    const { answerer } = scripted(calling(add(1, 2)), new RpcError('context-full', 'Full.'));
    const outcome = await ask(answerer, itemOf({}));
    expect(outcome).toMatchObject({ state: 'failed', finishReason: 'context-full', output: '' });
    expect(outcome?.calls).toHaveLength(1);
  });
});

describe('a run that is stopped', () => {
  it.each([
    ['before the model has answered', ['never'] as Step[]],
    ['between two turns', [calling(add(1, 2)), 'never'] as Step[]],
  ])('%s leaves no sample', async (_when, steps) => {
    const stop = new AbortController();
    const { answerer, asked } = scripted(...steps);
    const outcome = ask(answerer, itemOf({}), { signal: stop.signal });
    await expect.poll(() => asked.length).toBe(steps.length);
    stop.abort();
    expect(await outcome).toBeNull();
  });
});

describe('what cannot be asked or graded here', () => {
  const python = itemOf({ tools: [], expected: '', grader: { type: 'python', function: 'f', cases: [{ call: 'f(1)', gives: 2 }] } });

  it('is skipped for a model whose template knows no tools', async () => {
    const { answerer, asked } = scripted();
    const outcome = await ask({ ...answerer, knowsTools: false }, itemOf({}));
    expect(outcome).toMatchObject({ state: 'skipped', passed: null, grade: null, error: { code: 'tools-unsupported' } });
    expect(asked).toHaveLength(0);
    expect(outcome?.error?.hint).toBeTruthy();
  });

  it.each([
    ['code to run', python],
    ['a tool that runs code', itemOf({ tools: ['execute_python'] })],
  ])('is skipped with the reason where there is no sandbox for %s', async (_what, item) => {
    const { answerer, asked } = scripted();
    const outcome = await ask(answerer, item, {}, aidsOf(missingSandbox));
    expect(outcome).toMatchObject({ state: 'skipped', passed: null, error: { code: 'sandbox-missing' } });
    expect(asked).toHaveLength(0);
  });

  it('is asked without a sandbox where it needs none', async () => {
    const { answerer } = scripted({ text: '3' });
    expect((await ask(answerer, itemOf({}), {}, aidsOf(missingSandbox)))?.state).toBe('passed');
  });

  it('is skipped, and never the model’s failure, where the sandbox breaks at work', async () => {
    const breaking = sandboxThat(() => Promise.reject(new Error('The page is gone.')));
    const code = await ask(scripted({ text: '```python\ndef f(x):\n    return x + 1\n```' }).answerer, python, {}, aidsOf(breaking));
    expect(code).toMatchObject({ state: 'skipped', passed: null, output: expect.stringContaining('def f') });
    expect(code?.error?.message).toContain('The page is gone.');
    const called = scripted(calling({ name: 'execute_python', arguments: { code: 'print(1)' } }));
    expect(await ask(called.answerer, itemOf({ tools: ['execute_python'] }), {}, aidsOf(breaking))).toMatchObject({
      state: 'skipped',
      passed: null,
    });
  });

  it('is skipped with the answer kept where its grader breaks', async () => {
    const { answerer } = scripted({ text: 'x' });
    const outcome = await ask(answerer, itemOf({ tools: [], grader: { type: 'regex', pattern: '(' } }));
    expect(outcome).toMatchObject({ state: 'skipped', passed: null, output: 'x', error: { code: 'dataset-invalid' } });
  });
});

describe('code in an answer', () => {
  it('is run before it is graded', async () => {
    const runs: string[] = [];
    const watching = sandboxThat(async (code) => {
      runs.push(code);
      return { state: 'raised', error: 'Traceback\nNameError: f' };
    });
    const { answerer } = scripted({ text: '```python\ndef f(x):\n    return x\n```' });
    const item = itemOf({ tools: [], expected: '', grader: { type: 'python', function: 'f', cases: [{ call: 'f(1)', gives: 2 }] } });
    const outcome = await ask(answerer, item, {}, aidsOf(watching));
    expect(runs).toHaveLength(1);
    expect(outcome).toMatchObject({ state: 'failed', grade: { grader: 'python' } });
    expect(outcome?.grade?.reason).toContain('NameError');
  });
});
