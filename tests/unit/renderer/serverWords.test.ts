import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { LoggedRequest } from '#shared/contract/server.ts';
import { codeSample, colourCode, sampleKinds } from '../../../src/renderer/features/server/codeSamples.ts';
import { readableBody } from '../../../src/renderer/features/server/readableBody.ts';
import { maskedKey, speedWords, stateWords, timeWords, uptimeWords } from '../../../src/renderer/features/server/serverWords.ts';
import { emptyLog, withLiveRequests, withRequests } from '../../../src/renderer/stores/requestLog.ts';

const request: LoggedRequest = {
  id: 'a',
  at: 1000,
  method: 'POST',
  path: '/v1/chat/completions',
  model: 'm',
  modelId: 'm',
  state: 'done',
  status: 200,
  problem: null,
  usage: null,
  ttftMs: null,
  generationTokensPerSecond: null,
  totalMs: 5,
  finishReason: 'stop',
  hasBody: false,
  client: null,
};

describe('the log of requests', () => {
  test('lists the newest first, each once, and counts what fails when it fails', () => {
    const running = { ...request, id: 'b', at: 2000, state: 'running', status: null } as const;
    const first = withRequests(emptyLog, [request, running]);
    expect(first.requests.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(first).toMatchObject({ total: 2, errors: 0 });
    const failed = withRequests(first, [{ ...running, state: 'done', status: 503, problem: 'Full' }]);
    expect(failed).toMatchObject({ total: 2, errors: 1 });
    // Told once more, it is not another one.
    expect(withRequests(failed, [{ ...running, state: 'done', status: 503, problem: 'Full' }])).toMatchObject({ total: 2, errors: 1 });
  });

  test('keeps the counts that were read with older requests', () => {
    const older = withRequests(withRequests(emptyLog, [request]), [{ ...request, id: 'z', at: 1 }], { total: 500, errors: 7 });
    expect(older).toMatchObject({ total: 500, errors: 7 });
    expect(older.requests.map(({ id }) => id)).toEqual(['a', 'z']);
  });

  test('holds no more on a page that is open for days, and what somebody went down to', () => {
    const many = (from: number, count: number): readonly LoggedRequest[] =>
      Array.from({ length: count }, (_, index) => ({ ...request, id: String(from + index), at: from + index }));
    const full = withLiveRequests(withRequests(emptyLog, many(0, 4_990)), many(10_000, 30));
    expect([full.requests.length, full.requests[0]?.id, full.total]).toEqual([5_000, '10029', 5_020]);
    const read = withRequests(full, many(-300, 300));
    expect(withLiveRequests(read, many(20_000, 30)).requests.length).toBe(read.requests.length);
  });

  test('says how each of them stands', () => {
    expect(stateWords({ ...request, state: 'waiting', status: null })).toBe('waiting');
    expect(stateWords({ ...request, status: 404, problem: 'No such model' })).toBe('404');
    expect(stateWords({ ...request, problem: 'Client hung up', finishReason: 'cancelled' })).toBe('left');
  });
});

describe('a code sample', () => {
  const facts = { url: 'http://127.0.0.1:11435', key: 'rs-key' };

  test.each(sampleKinds)('asks at the address with the key and the model: %s', (kind) => {
    const code = codeSample(kind, { ...facts, model: 'qwen3-8b' });
    for (const part of [facts.url, facts.key, 'qwen3-8b']) expect(code).toContain(part);
    expect(
      colourCode(code)
        .map(({ text }) => text)
        .join(''),
    ).toBe(code);
  });

  test('takes any name of a model as it is', () => {
    const model = `it's "$(id)" \\ \`x\``;
    const command = codeSample('curl', { ...facts, model }).replace('curl ', 'printf "%s\\n" ');
    const lines = execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trimEnd().split('\n');
    expect((JSON.parse(lines.at(-1) ?? '') as { readonly model: string }).model).toBe(model);
    expect(codeSample('Python', { ...facts, model })).toContain(JSON.stringify(model));
  });

  test('names no key where none is asked for', () => {
    expect(codeSample('curl', { ...facts, key: null, model: 'm' })).not.toContain('Authorization');
    expect(codeSample('Ollama', { ...facts, key: null, model: 'm' })).not.toContain('headers');
  });
});

test('a speed is said with the digits that mean something', () => {
  expect(speedWords({ ...request, generationTokensPerSecond: 96.84 })).toBe('96.8');
  expect(speedWords({ ...request, generationTokensPerSecond: 1497.1 })).toBe('1,497');
  expect(speedWords(request)).toBe(null);
});

test('a hidden key shows its ends alone', () => {
  expect(maskedKey('rs-9f2c…4e1a')).toBe('rs-9f2c••••••••4e1a');
});

test('times are said as short as they can be', () => {
  const now = new Date(2026, 10, 21, 17, 8, 41).getTime();
  expect(timeWords(now - 1000, now)).toBe('17:08:40');
  expect(timeWords(now - 24 * 3_600_000, now)).toBe('Fri 17:08');
  expect(timeWords(now - 10 * 24 * 3_600_000, now)).toBe('11.11. 17:08');
  expect(uptimeWords(0, 192 * 60_000)).toBe('up 3 h 12 min');
  expect(uptimeWords(0, 9000)).toBe('up 9 s');
});

test('a body that is very long is cut on screen, and one that is no JSON is shown as it is', () => {
  expect(readableBody('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readableBody('data: {}')).toBe('data: {}');
  expect(readableBody('x'.repeat(30_000))).toMatch(/10000 more characters$/);
});
