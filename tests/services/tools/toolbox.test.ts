import { describe, expect, it } from 'vitest';
import type { FetchFixture } from '#core/tools/tool.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import { createToolbox } from '#main/services/tools/createToolbox.ts';
import type { Toolbox, ToolboxOffer } from '#main/services/tools/toolbox.ts';
import { missingSandbox, sandboxThat } from './sandboxes.ts';

const asked = { turn: 1, signal: new AbortController().signal };
const boxOf = (offer: Partial<ToolboxOffer>, sandbox: PythonSandbox = missingSandbox): Toolbox =>
  createToolbox({ tools: ['calculator', 'execute_python', 'http_get'], fixtures: [], faults: [], ...offer }, { sandbox });
const call = (box: Toolbox, name: string, given: Record<string, string | number>) => box.call({ name, arguments: given }, asked);

describe('the calculator', () => {
  it('answers with a number, in the order it was asked', async () => {
    const recorded = await call(boxOf({}), 'calculator', { operation: 'multiply', a: 125, b: 47 });
    expect(recorded).toMatchObject({ name: 'calculator', turn: 1, result: '5875', error: null });
    expect(recorded.tookMs).toBeGreaterThanOrEqual(0);
  });

  it('says in words what it cannot do', async () => {
    const recorded = await call(boxOf({}), 'calculator', { operation: 'divide', a: 1, b: 0 });
    expect(recorded.error).toMatch(/zero/);
    expect(recorded.result).toContain(recorded.error);
  });
});

describe('fetching', () => {
  const fixtures: readonly FetchFixture[] = [
    { url: 'https://api.example.test/repos/a', status: 200, body: { stars: 7391 } },
    { url: 'https://api.example.test/broken', status: 503, body: 'later' },
    { url: 'https://api.example.test/long', status: 200, body: 'x'.repeat(20_000) },
  ];
  const box = boxOf({ fixtures });

  it('answers from the recorded answer, with its status', async () => {
    expect(await call(box, 'http_get', { url: 'https://api.example.test/repos/a' })).toMatchObject({
      result: '200\n\n{"stars":7391}',
      error: null,
    });
  });

  it.each([
    ['another address', { url: 'https://api.example.test/repos/b' }, /404/],
    ['the same address with something behind it', { url: 'https://api.example.test/repos/a?x=1' }, /404/],
    ['the same address in other letters', { url: 'HTTPS://API.example.test/repos/a' }, /404/],
    ['this machine', { url: 'http://127.0.0.1:80/' }, /404/],
    ['a file', { url: 'file:///etc/passwd' }, /404/],
    ['another method', { url: 'https://api.example.test/repos/a', method: 'POST' }, /405/],
    ['no address', {}, /needs "url"/],
    ['a number', { url: 7 }, /needs "url"/],
  ])('of %s fails and goes nowhere', async (_what, given, words) => {
    const recorded = await call(box, 'http_get', given as Record<string, string>);
    expect(recorded.error).toMatch(words);
  });

  it('tells a recorded failure as one, with its body', async () => {
    expect(await call(box, 'http_get', { url: 'https://api.example.test/broken' })).toMatchObject({
      result: 'Error: 503\n\nlater',
      error: 'The server answered 503.',
    });
  });

  it('cuts what would fill a context, and says so', async () => {
    const { result } = await call(box, 'http_get', { url: 'https://api.example.test/long' });
    expect(result.length).toBeLessThan(8_100);
    expect(result).toMatch(/cut: 12005 more characters/);
  });
});

describe('Python', () => {
  it.each([
    ['what it printed', { stdout: '55\n' }, '55', null],
    ['both outputs', { stdout: 'a\n', stderr: 'b\n' }, 'a\nb', null],
    ['that nothing was printed', {}, '(The program printed nothing.)', null],
    ['that more was printed than is kept', { stdout: 'a', isOutputCut: true }, 'a\n[the program printed more than is kept]', null],
    [
      'what was raised',
      { state: 'raised', stdout: 'a\n', error: 'Traceback\nValueError: no' },
      'Error: a\nTraceback\nValueError: no',
      'ValueError: no',
    ],
    [
      'that it took too long',
      { state: 'timed-out' },
      'Error: The program was stopped: it took too long.',
      'The program was stopped: it took too long.',
    ],
    [
      'that it took too much memory',
      { state: 'out-of-memory' },
      'Error: The program was stopped: it took too much memory.',
      'The program was stopped: it took too much memory.',
    ],
  ] as const)('tells %s', async (_what, run, result, error) => {
    expect(
      await call(
        boxOf(
          {},
          sandboxThat(async () => run),
        ),
        'execute_python',
        { code: 'print(1)' },
      ),
    ).toMatchObject({ result, error });
  });

  it('without code is not run', async () => {
    expect((await call(boxOf({}), 'execute_python', {})).error).toMatch(/needs "code"/);
  });

  it('without a sandbox fails for its caller, not for the model', async () => {
    await expect(call(boxOf({}), 'execute_python', { code: '1' })).rejects.toMatchObject({ code: 'sandbox-missing' });
  });
});

describe('a toolbox', () => {
  it('tells of an unknown tool and of those there are', async () => {
    const { error } = await call(boxOf({ tools: ['calculator'] }), 'http_get', { url: 'https://api.example.test/' });
    expect(error).toBe('There is no tool named "http_get". There are: calculator.');
    expect((await call(boxOf({}), 'constructor', {})).error).toMatch(/no tool named/);
  });

  it('lets a tool fail first where that is asked for, and work after', async () => {
    const box = boxOf({ faults: [{ tool: 'calculator', message: 'Busy, try again.' }] });
    const sum = { operation: 'add', a: 1, b: 2 };
    expect(await call(box, 'calculator', sum)).toMatchObject({ result: 'Error: Busy, try again.', error: 'Busy, try again.' });
    expect(await call(box, 'calculator', sum)).toMatchObject({ result: '3', error: null });
  });

  it('offers the tools that ship by name and others as they are described, and runs only the first', () => {
    const own = { name: 'calculator', description: 'Ours.', parameters: { type: 'object' } };
    expect(boxOf({ tools: ['http_get'] }).specs.map((spec) => spec.name)).toEqual(['http_get']);
    expect(boxOf({ tools: [own] }).canRun('calculator')).toBe(false);
    expect(boxOf({ tools: [own] }).specs).toEqual([own]);
    expect(boxOf({}).canRun('calculator')).toBe(true);
  });
});
