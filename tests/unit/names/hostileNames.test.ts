import { describe, expect, it } from 'vitest';
import { nameTarget } from '#core/names/nameTarget.ts';
import { readName } from '#core/names/readName.ts';
import { splitSegments } from '#core/names/segments.ts';

const tricky = [
  '',
  ' ',
  '..',
  '../..',
  '../../etc/passwd',
  '/etc/passwd',
  '~/.ssh/id_rsa',
  'C:\\Windows\\System32\\x.gguf',
  '\\\\server\\share\\x.gguf',
  'a\u0000b.gguf',
  '\u0000',
  'Qwen3-4B\u202egguf.exe',
  '😀/😀-7B-Q4_K_M.gguf',
  '\ud800',
  '\udfff/\ud800',
  'Qwen3-4B-\ud800-Q4_K_M.gguf',
  'https://huggingface.co/%',
  'https://huggingface.co/%E0%A4%A/%ff',
  'hf.co/a/b/resolve/main/%2e%2e%2fx.gguf',
  '://',
  ':::',
  '///',
  '?#',
  'constructor/__proto__',
  '__proto__:toString',
  'toString-7B-valueOf-Q4_K_M.gguf',
  'Ｑｗｅｎ３-４Ｂ',
  'Qwen3-999999999999999999999999B',
  'Model-1e308B-A1e309B',
  '0x0B-0B-A0B-E0B-0x0x0',
  'Model-99999-of-00001.gguf',
  'Q4_K_M',
  'Q4_K_M.gguf',
  'v.v.v-7b',
];

const long: readonly (readonly [string, (length: number) => string])[] = [
  ['hyphens', (length) => '-'.repeat(length)],
  ['one word', (length) => 'a'.repeat(length)],
  ['digits', (length) => '1'.repeat(length)],
  ['points', (length) => '1.'.repeat(length / 2)],
  ['quants', (length) => 'Q4_'.repeat(length / 3)],
  ['sizes', (length) => '-7B'.repeat(length / 3)],
  ['families', (length) => 'gpt-oss-'.repeat(length / 8)],
  ['underscores', (length) => '1_1'.repeat(length / 3)],
  ['slashes', (length) => 'a/'.repeat(length / 2)],
  ['colons', (length) => 'a:'.repeat(length / 2)],
  ['spaces', (length) => 'ollama '.repeat(length / 7)],
];

describe('whatever the input', () => {
  it.each(tricky.map((input) => [JSON.stringify(input), input]))('reading %s gives an answer and never throws', (_label, input) => {
    const reading = readName(input);
    expect(reading.input).toBe(input);
    expect(reading.sentence).not.toBe('');
    for (const value of Object.values(reading.parameters)) expect(value === null || (Number.isFinite(value) && value > 0)).toBe(true);
    const target = nameTarget(reading);
    if (target.kind === 'repo') expect(target.repo).toMatch(/^[\w.-]+\/[\w.-]+$/);
    expect(target.kind === 'repo' ? (target.file ?? '') : '').not.toContain('..');
    expect(() => JSON.stringify(reading)).not.toThrow();
  });

  it.each(long)('10,000 and 100,000 characters of %s give an answer that is no longer than the question deserves', (_label, make) => {
    for (const length of [10_000, 100_000]) {
      const reading = readName(make(length));
      expect(reading.segments.length).toBeLessThanOrEqual(2000);
      expect(reading.sentence.length).toBeLessThan(2000);
      expect(nameTarget(reading)).toBeDefined();
    }
  });

  it.each(long)('the longest name of %s that is read at all is taken word by word', (_label, make) => {
    const reading = readName(make(1990));
    expect(reading.segments.map(({ text }) => text).join('').length).toBeLessThanOrEqual(1990);
  });

  it('is cut into words in one pass', () => {
    let reads = 0;
    const counted = new Proxy(Object('ab-1.5_'.repeat(2000)) as object, {
      get: (text, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        const value = Reflect.get(text, key) as unknown;
        return typeof value === 'function' ? value.bind(text) : value;
      },
    });
    expect(splitSegments(counted as unknown as string)).toHaveLength(4000);
    expect(reads).toBeLessThanOrEqual(5 * 14_000);
  });
});
