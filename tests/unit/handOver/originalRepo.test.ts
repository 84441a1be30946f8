import { expect, test } from 'vitest';
import { originalRepo } from '#core/handOver/originalRepo.ts';

const header =
  (entries: Readonly<Record<string, string>>) =>
  (key: string): string | null =>
    entries[key] ?? null;

test('the original is what the header calls the source of the file', () => {
  expect(originalRepo(header({ 'general.source.repo_url': 'https://huggingface.co/Qwen/Qwen3-8B' }), [])).toBe('Qwen/Qwen3-8B');
});

test('a base model is the original only where it has the same name', () => {
  const base = header({ 'general.base_model.0.repo_url': 'https://huggingface.co/Qwen/Qwen3-8B' });
  expect(originalRepo(base, ['Qwen3 8B', null])).toBe('Qwen/Qwen3-8B');
  expect(originalRepo(base, [null, 'unsloth/Qwen3-8B-GGUF'])).toBe('Qwen/Qwen3-8B');
  expect(originalRepo(base, ['Dolphin3.0 Qwen3 8B', 'someone/dolphin-GGUF'])).toBe(null);
});

test('an address of elsewhere, or with more in it, names no repo', () => {
  for (const url of ['https://example.com/a/b', 'https://huggingface.co/a/b/../c', 'https://huggingface.co/a/b?x=$(id)', 'javascript:1'])
    expect(originalRepo(header({ 'general.source.repo_url': url }), [])).toBe(null);
});
