import { describe, expect, test } from 'vitest';
import {
  attachmentBytes,
  type ChatCall,
  type ChatPreset,
  defaultAnswerShape,
  defaultSampling,
  type NewAttachment,
} from '#shared/contract/chat.ts';
import { activePreset } from '../../../src/renderer/features/chat/activePreset.ts';
import { answerParts } from '../../../src/renderer/features/chat/answerParts.ts';
import { callBody, callSummary } from '../../../src/renderer/features/chat/callWords.ts';
import { readAttachments } from '../../../src/renderer/features/chat/readAttachments.ts';
import { readHosts } from '../../../src/renderer/features/chat/readHosts.ts';
import { reasonedMs } from '../../../src/renderer/features/chat/reasonedMs.ts';
import { readSchema, schemaTemplates } from '../../../src/renderer/features/chat/schemaTemplates.ts';

function call(id: string, at: number): ChatCall {
  return { id, name: 'calculator', arguments: {}, state: 'done', result: '4', tookMs: 1, at };
}

describe('answerParts', () => {
  const shown = (text: string, calls: readonly ChatCall[]) =>
    answerParts(text, calls).map((part) => (part.kind === 'text' ? part.text : part.call.id));

  test('puts calls where they were made, in order, without empty words between', () => {
    expect(shown('One.\n\nTwo.', [call('b', 6), call('a', 6)])).toEqual(['One.\n\n', 'b', 'a', 'Two.']);
    expect(shown('', [call('a', 0)])).toEqual(['a']);
  });

  test('keeps all words where a call claims a place that is not there', () => {
    expect(shown('Two.', [call('a', 99), call('b', -3)])).toEqual(['b', 'Two.', 'a']);
  });
});

describe('readSchema', () => {
  const problem = (text: string): string | null => {
    const read = readSchema(text);
    return 'problem' in read ? read.problem : null;
  };

  test('takes every template', () => {
    for (const { schema } of schemaTemplates) expect(problem(JSON.stringify(schema))).toBeNull();
  });

  test.each([
    ['{', 'no JSON'],
    ['[]', 'an object'],
    ['{"type":"objekt"}', 'objekt'],
    ['{"properties":{"a":1}}', '"a"'],
    ['{"properties":{"a":{"type":"text"}}}', '"a" has the type "text"'],
    ['{"properties":{"a":{}},"required":["b"]}', '"b"'],
    ['{"enum":[]}', 'enum'],
    [`${'{"items":'.repeat(40)}{}${'}'.repeat(40)}`, 'too deep'],
  ])('says what is wrong with %s', (text, words) => {
    expect(problem(text)).toContain(words);
  });
});

describe('readHosts', () => {
  test('cuts addresses down to their host, once each', () => {
    expect(readHosts('https://Example.org/a?b\nexample.org, *.example.net\nlocalhost:8080')).toEqual({
      hosts: ['example.org', '*.example.net', 'localhost:8080'],
    });
  });

  test.each(['*', '*.*.org', 'exa mple!', 'a..b', '-a.org', 'user@host'])('takes no %s', (text) => {
    expect(readHosts(text)).toHaveProperty('problem');
  });
});

describe('readAttachments', () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1]);
  const offer = {
    already: [] as readonly NewAttachment[],
    seesImages: false,
    modelName: 'Small',
    draw: async (): Promise<Uint8Array> => png,
  };
  const picture = new File([png], 'a.png', { type: 'image/png' });

  test('takes text whatever its type says, and no bytes that are none', async () => {
    const { attachments, problems } = await readAttachments(
      [new File(['hé'], 'a.log'), new File([new Uint8Array([0, 255])], 'a.bin')],
      offer,
    );
    expect(attachments).toEqual([{ kind: 'text', name: 'a.log', mediaType: 'text/plain', data: 'aMOp' }]);
    expect(problems.join()).toContain('a.bin');
  });

  test('takes pictures only where the model sees', async () => {
    expect((await readAttachments([picture], offer)).problems.join()).toContain("Small can't see pictures");
    expect((await readAttachments([picture], { ...offer, seesImages: true })).attachments[0]).toMatchObject({
      kind: 'image',
      data: 'iVBORwE=',
    });
  });

  test('draws what is neither PNG nor JPEG by its bytes as PNG, and leaves out what cannot be drawn', async () => {
    const seeing = { ...offer, seesImages: true };
    const webp = new File(['RIFF....WEBP'], 'a.photo.webp', { type: 'image/webp' });
    const disguised = new File(['RIFF....WEBP'], 'b.png', { type: 'image/png' });
    const jpeg = new File([new Uint8Array([0xff, 0xd8, 0xff, 0])], 'c.gif', { type: 'image/gif' });
    const { attachments } = await readAttachments([webp, disguised, jpeg], seeing);
    expect(attachments.map(({ name, mediaType, data }) => [name, mediaType, data])).toEqual([
      ['a.photo.png', 'image/png', 'iVBORwE='],
      ['b.png', 'image/png', 'iVBORwE='],
      ['c.gif', 'image/jpeg', '/9j/AA=='],
    ]);
    const broken = await readAttachments([webp], { ...seeing, draw: () => Promise.reject(new Error('no picture')) });
    expect([broken.attachments.length, broken.problems.join()]).toEqual([0, expect.stringContaining('a.photo.webp was left out')]);
  });

  test('takes eight files at most, and no more than a message carries', async () => {
    const files = Array.from({ length: 9 }, (_, index) => new File(['x'], `${index}.txt`));
    const read = await readAttachments(files, offer);
    expect([read.attachments.length, read.problems.length]).toEqual([8, 1]);
    const large = new File([png, new Uint8Array(attachmentBytes)], 'large.png', { type: 'image/png' });
    expect((await readAttachments([large], { ...offer, seesImages: true })).attachments.length).toBe(0);
  });
});

describe('activePreset', () => {
  const preset = (id: string, change: Partial<ChatPreset>): ChatPreset => ({
    ...{ id, name: id, isShipped: true, systemPrompt: null, sampling: defaultSampling, shape: null },
    ...change,
  });
  const now = { systemPrompt: 'Be short.', sampling: { ...defaultSampling, presencePenalty: null }, shape: defaultAnswerShape };

  test('counts only what a preset says, own ones first', () => {
    const presets = [preset('shipped', {}), preset('own', { isShipped: false, systemPrompt: 'Be short.' })];
    expect(activePreset(presets, now)?.id).toBe('own');
    expect(activePreset(presets, { ...now, systemPrompt: '' })?.id).toBe('shipped');
    expect(activePreset(presets, { ...now, sampling: { ...now.sampling, temperature: 1 } })).toBeUndefined();
  });
});

test('callSummary and callBody show what would run, and anything else as JSON', () => {
  expect(callSummary({ name: 'calculator', arguments: { a: 2, operation: 'add', b: 3 } })).toBe('2 add 3');
  expect(callBody({ name: 'execute_python', arguments: { code: 'print(1)' } })).toEqual({ language: 'python', text: 'print(1)' });
  expect(callSummary({ name: 'other', arguments: { x: 1 } })).toBe('{"x":1}');
});

test('reasonedMs is unknown where nothing was measured or reasoned', () => {
  const timings = { loadMs: null, ttftMs: 100, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 900 };
  expect(reasonedMs({ timings: { ...timings, ttfaMs: 600 } })).toBe(500);
  expect(reasonedMs({ timings: { ...timings, ttfaMs: 100 } })).toBeNull();
  expect(reasonedMs({ timings })).toBeNull();
  expect(reasonedMs({ timings: null })).toBeNull();
});
