import { describe, expect, it } from 'vitest';
import { nameParts } from '../../../src/renderer/features/discover/nameParts.ts';
import { readSearch, targetDetail } from '../../../src/renderer/features/discover/readSearch.ts';

describe('what stands in the search field', () => {
  it('is nothing while it is empty', () => {
    expect(readSearch('   ')).toBeNull();
  });

  it.each([
    ['unsloth/Qwen3-4B-Instruct-2507-GGUF', null],
    ['unsloth/Qwen3-4B-Instruct-2507-GGUF:Q4_K_M', 'Q4_K_M'],
    ['https://huggingface.co/unsloth/Qwen3-4B-Instruct-2507-GGUF', null],
    ['hf.co/unsloth/Qwen3-4B-Instruct-2507-GGUF:Q4_K_M', 'Q4_K_M'],
    [
      'https://huggingface.co/unsloth/Qwen3-4B-Instruct-2507-GGUF/blob/main/Qwen3-4B-Instruct-2507-Q6_K.gguf',
      'Qwen3-4B-Instruct-2507-Q6_K.gguf',
    ],
  ])('leads to one repo, and the quant or file it names: %s', (text, detail) => {
    const read = readSearch(`  ${text} `);
    expect(read?.target).toMatchObject({ kind: 'repo', repo: 'unsloth/Qwen3-4B-Instruct-2507-GGUF' });
    expect(read === null ? null : targetDetail(read.target)).toBe(detail);
    expect(read?.line).toContain('4 billion parameters');
  });

  it.each([
    ['llama3.2:3b', 'an Ollama name'],
    ['ai/llama3.2:3B-Q4_K_M', 'a Docker name'],
  ])('says that the name of another registry becomes a search: %s', (text, kind) => {
    const read = readSearch(text);
    expect(read?.target.kind).toBe('search');
    expect(read?.line).toContain(kind);
  });

  it('says what words tell of a model, and nothing where they tell no more than a family', () => {
    expect(readSearch('qwen3 4b')?.line).toContain('4 billion parameters');
    expect(readSearch('gemma')?.line).toBeNull();
  });

  it('says nothing of words that name no model', () => {
    expect(readSearch('good for my cat')).toMatchObject({ line: null, target: { kind: 'search' } });
  });

  it.each(['\u0000', '../../etc/passwd', '😀'.repeat(50), 'a'.repeat(10_000), '://', '/'.repeat(3_000)])('takes anything: %#', (text) => {
    expect(() => readSearch(text)).not.toThrow();
  });
});

describe('the parts of a name', () => {
  it('get their separators back, and keep their glosses', () => {
    const parts = nameParts('unsloth/Qwen3-4B', [
      { text: 'unsloth', meaning: 'packager', kind: 'publisher' },
      { text: 'Qwen3', meaning: 'family', kind: 'family' },
      { text: '4B', meaning: '4B parameters', kind: 'size' },
    ]);
    expect(parts.map((part) => part.separator + part.text).join('')).toBe('unsloth/Qwen3-4B');
    expect(parts.map((part) => part.meaning)).toEqual(['packager', 'family', '4B parameters']);
  });

  it('come whole where no segment covers them, without a gloss', () => {
    const parts = nameParts('a-b-c', [
      { text: 'b', meaning: 'known', kind: 'name' },
      { text: 'not there', meaning: 'wrong', kind: 'name' },
    ]);
    expect(parts.map((part) => part.separator + part.text).join('')).toBe('a-b-c');
    expect(parts.filter((part) => part.meaning !== null).map((part) => part.text)).toEqual(['b']);
  });
});
