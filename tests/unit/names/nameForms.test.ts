import { describe, expect, it } from 'vitest';
import { nameTarget } from '#core/names/nameTarget.ts';
import { readName } from '#core/names/readName.ts';

const repo = 'unsloth/Qwen3-4B-Instruct-2507-GGUF';
const file = 'Qwen3-4B-Instruct-2507-Q4_K_M.gguf';

describe('a name that leads to one repo', () => {
  it.each([
    [repo, 'repo', {}],
    [`  ${repo}/ `, 'repo', {}],
    [`${repo}@refs/pr/3`, 'repo', { revision: 'refs/pr/3' }],
    [`${repo}@v1.0`, 'repo', { revision: 'v1.0' }],
    [`${repo}:Q4_K_M`, 'repo-quant', { quant: 'Q4_K_M' }],
    [`${repo}:q4_k_m`, 'repo-quant', { quant: 'Q4_K_M' }],
    [`${repo}:UD-Q4_K_XL`, 'repo-quant', { quant: 'UD-Q4_K_XL' }],
    [`${repo}:latest`, 'repo-quant', {}],
    [`${repo}/UD-Q4_K_XL`, 'repo-quant', { quant: 'UD-Q4_K_XL' }],
    [`${repo}/${file}`, 'repo-file', { file, quant: 'Q4_K_M' }],
    [`${repo}/Q8_0/x-00001-of-00002.gguf`, 'repo-file', { file: 'Q8_0/x-00001-of-00002.gguf', quant: 'Q8_0' }],
    [`hf.co/${repo}`, 'url', {}],
    [`hf.co/${repo}:Q8_0`, 'url', { quant: 'Q8_0' }],
    [`hf://${repo}/${file}`, 'url', { file, quant: 'Q4_K_M' }],
    [`https://huggingface.co/${repo}`, 'url', {}],
    [`https://huggingface.co/${repo}/tree/main`, 'url', { revision: 'main' }],
    [`https://huggingface.co/${repo}/blob/main/${file}`, 'url', { revision: 'main', file, quant: 'Q4_K_M' }],
    [`https://huggingface.co/${repo}/resolve/4f1a%2Fb/${file}?download=true#top`, 'url', { revision: '4f1a/b', file, quant: 'Q4_K_M' }],
    [`https://huggingface.co/${repo}?show_file_info=${file}`, 'url', { file, quant: 'Q4_K_M' }],
    [`https://huggingface.co/api/models/${repo}`, 'url', {}],
    [`http://127.0.0.1:8080/${repo}/resolve/main/${file}`, 'url', { revision: 'main', file, quant: 'Q4_K_M' }],
    [`ollama run hf.co/${repo}:Q8_0`, 'url', { quant: 'Q8_0' }],
    [`llama-server -hf ${repo}:Q8_0`, 'repo-quant', { quant: 'Q8_0' }],
  ])('%s', (input, form, rest) => {
    const reading = readName(input);
    expect(reading.form).toBe(form);
    expect(nameTarget(reading)).toEqual({ kind: 'repo', repo, revision: null, quant: null, file: null, ...rest });
    expect(reading).toMatchObject({ input, publisher: 'unsloth', family: 'qwen', version: '3', parameters: { total: 4e9 } });
  });
});

describe('a name that leads to a search', () => {
  it.each([
    ['ai/llama3.2:3B-Q4_K_M', 'docker', 'llama 3.2 3B', 'Q4_K_M'],
    ['docker.io/ai/smollm2', 'url', 'smollm 2', null],
    ['llama3.2:3b', 'ollama', 'llama 3.2 3b', null],
    ['llama3.2:latest', 'ollama', 'llama 3.2', null],
    ['qwen2.5-coder:7b-instruct-q4_K_M', 'ollama', 'qwen 2.5 coder 7b instruct', 'Q4_K_M'],
    ['https://ollama.com/library/gemma3:4b', 'url', 'gemma 3 4b', null],
    [file, 'file', 'Qwen 3 4B Instruct 2507', 'Q4_K_M'],
    [`/home/user/models/${file}`, 'file', 'Qwen 3 4B Instruct 2507', 'Q4_K_M'],
    [`C:\\models\\${file}`, 'file', 'Qwen 3 4B Instruct 2507', 'Q4_K_M'],
    [`bartowski/${file}`, 'file', 'bartowski Qwen 3 4B Instruct 2507', 'Q4_K_M'],
    ['qwen3 4b', 'text', 'qwen3 4b', null],
    ['qwen3 4b q4_k_m', 'text', 'qwen3 4b', 'Q4_K_M'],
    ['a model that writes text', 'text', 'a model that writes text', null],
    ['https://huggingface.co/unsloth', 'url', 'unsloth', null],
  ])('%s', (input, form, query, quant) => {
    const reading = readName(input);
    expect(reading.form).toBe(form);
    expect(reading.repo).toBeNull();
    expect(nameTarget(reading)).toEqual({ kind: 'search', query, quant });
  });

  it('has no publisher of its own where Docker and Ollama keep the shelf', () => {
    expect(readName('llama3.2:3b')).toMatchObject({ publisher: null, library: 'gguf', runnable: true, tunes: [] });
    expect(readName('ai/llama3.2:3B-Q4_K_M')).toMatchObject({ publisher: 'ai', repo: null, library: 'gguf', tunes: [] });
  });
});

describe('an address that names no model', () => {
  it.each([
    'https://huggingface.co/datasets/a/b',
    'https://huggingface.co/spaces/a/b',
    'https://example.com/a/b',
    'https://huggingface.co/',
    'https://',
    'unsloth/../Qwen3-4B-GGUF',
    'unsloth/Qwen3-4B-GGUF/../../x.gguf',
    'unsloth/Qwen3-4B-GGUF/resolve/main/../../../x.gguf',
    'https://huggingface.co/unsloth/Qwen3-4B-GGUF/resolve/main/..%2f..%2fx.gguf',
    '-org/name',
    'org/na--me',
    'org/name:',
  ])('%s leads to no file', (input) => {
    const target = nameTarget(readName(input));
    expect(target.kind === 'search' || target.file === null).toBe(true);
  });
});
