import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { HandOverDraft, HandOverFacts } from '#core/handOver/handOverFacts.ts';
import { handOvers } from '#core/handOver/handOvers.ts';
import { HandOver } from '#shared/contract/handOver.ts';

const facts: HandOverFacts = {
  name: 'Qwen3 8B',
  quant: 'Q4_K_M',
  files: ['/home/ada/My models/Qwen3-8B-Q4_K_M.gguf'],
  projector: null,
  hub: null,
  ollamaName: null,
  originalRepo: null,
  parameters: 8.2e9,
  hasChatTemplate: true,
  settings: {
    contextTokens: 8192,
    parallel: 4,
    kvType: 'q8_0',
    flashAttention: true,
    gpuLayers: 24,
    threads: null,
    sampling: { temperature: 0.7, topP: 0.9, topK: 40, minP: 0.05, repeatPenalty: null },
  },
};
const fromHub: HandOverFacts = { ...facts, hub: { repo: 'unsloth/Qwen3-8B-GGUF', file: 'Qwen3-8B-Q4_K_M.gguf' } };

const of = (target: HandOverDraft['target'], given: HandOverFacts): HandOverDraft => {
  const found = handOvers(given).find((draft) => draft.target === target);
  if (found === undefined) throw new Error(`no ${target}`);
  return found;
};
const fileOf = (draft: HandOverDraft, name: string): string => draft.files.find((file) => file.name === name)?.text ?? '';

/** Of llama.cpp's tools/server/README.md, those that are used. */
const documentedFlags = [
  '--alias',
  '--cache-type-k',
  '--cache-type-v',
  '--ctx-size',
  '--flash-attn',
  '--hf-file',
  '--hf-repo',
  '--host',
  '--jinja',
  '--min-p',
  '--mmproj',
  '--model',
  '--n-gpu-layers',
  '--parallel',
  '--port',
  '--repeat-penalty',
  '--temp',
  '--threads',
  '--top-k',
  '--top-p',
];

/** What a program of that name is called with when the command is typed. */
function called(command: string, program: string): string[] {
  const script = `openssl() { echo key; }; ${program}() { for word in "$@"; do printf '%s\\0' "$word"; done >&3; }\n${command}`;
  const read = spawnSync('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  expect(read.stderr).toBe('');
  return (read.output[3] ?? '').split('\0').slice(0, -1);
}
const valueAfter = (words: readonly string[], flag: string): string | undefined => words[words.indexOf(flag) + 1];

describe('a model handed to llama-server', () => {
  const words = called(of('llama-server', facts).command.replaceAll('llama-server \\', 'server \\'), 'server');

  test('is called with what it was loaded with here, and only with flags that llama-server has', () => {
    expect(words.filter((word) => word.startsWith('--') && !documentedFlags.includes(word))).toEqual([]);
    expect(valueAfter(words, '--model')).toBe('/home/ada/My models/Qwen3-8B-Q4_K_M.gguf');
    // Its context is shared out among its slots.
    expect(valueAfter(words, '--ctx-size')).toBe('32768');
    expect(valueAfter(words, '--parallel')).toBe('4');
    expect(valueAfter(words, '--cache-type-v')).toBe('q8_0');
    expect(valueAfter(words, '--flash-attn')).toBe('on');
    expect(valueAfter(words, '--n-gpu-layers')).toBe('24');
    expect(words).not.toContain('--threads');
  });

  test('listens on that machine alone, with a key that is made there', () => {
    expect(valueAfter(words, '--host')).toBe('127.0.0.1');
    expect(of('llama-server', facts).command).toContain('LLAMA_API_KEY="$(openssl rand');
  });

  test('is downloaded by name where its repo is known, with no path of this machine left', () => {
    const { command } = of('llama-server', fromHub);
    expect(command).toContain('--hf-repo unsloth/Qwen3-8B-GGUF');
    for (const draft of handOvers(fromHub)) expect(JSON.stringify(draft)).not.toContain('/home/ada');
  });

  test('leaves to it what nobody chose', () => {
    const open = { ...facts.settings, contextTokens: null, kvType: null, flashAttention: null, gpuLayers: null, parallel: 1 };
    const draft = of('llama-server', { ...facts, settings: open, hasChatTemplate: false });
    for (const flag of ['--ctx-size', '--cache-type', '--flash-attn', '--n-gpu-layers', '--jinja'])
      expect(draft.command).not.toContain(flag);
    expect(draft.notes.join(' ')).toMatch(/no chat template/);
    expect(draft.notes.join(' ')).toMatch(/as many as fit/);
  });
});

describe('a model handed to systemd', () => {
  const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

  test.skipIf(!hasAnalyze)('is a unit that systemd takes without a word, whatever the file is called', () => {
    const draft = of('systemd', { ...facts, name: 'Größe 100%\n[Install]', files: ['/models/it\'s "x" 100%h $HOME \\n.gguf'] });
    const folder = mkdtempSync(join(tmpdir(), 'rightsize-unit-'));
    try {
      const [file] = draft.files;
      const path = join(folder, file?.name ?? '');
      writeFileSync(path, file?.text ?? '');
      const checked = spawnSync('systemd-analyze', ['--user', 'verify', path], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: folder, XDG_RUNTIME_DIR: folder },
      });
      const complaints = checked.stderr.split('\n').filter((line) => line.includes(file?.name ?? ''));
      expect(complaints).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('writes nowhere but into the cache of downloads and keeps its key from others', () => {
    const [file] = of('systemd', facts).files;
    expect(file?.text).toMatch(/^ProtectSystem=strict$/m);
    expect(file?.text).toMatch(/^ProtectHome=read-only$/m);
    expect(file?.text).toMatch(/^NoNewPrivileges=yes$/m);
    expect(file?.text).toContain('"/home/ada/My models/Qwen3-8B-Q4_K_M.gguf"');
    expect(of('systemd', facts).command).toContain('umask 077');
  });
});

describe('a model handed to Docker Compose', () => {
  interface Service {
    readonly image: string;
    readonly command: readonly string[];
    readonly ports: readonly string[];
    readonly volumes: readonly (string | { readonly source: string; readonly target: string; readonly read_only: boolean })[];
    readonly deploy?: unknown;
  }
  const serviceOf = (given: HandOverFacts, name: string): Service => {
    const file = parse(fileOf(of('compose', given), name)) as { readonly services: Readonly<Record<string, Service>> };
    const [service] = Object.values(file.services);
    if (service === undefined) throw new Error('no service');
    return service;
  };

  test('mounts its files read only where the command looks for them', () => {
    const files = ['/m/a-00001-of-00002.gguf', '/m/a-00002-of-00002.gguf'];
    const service = serviceOf({ ...facts, files, projector: '/m/mmproj-F16.gguf' }, 'compose.yaml');
    expect(service.volumes).toHaveLength(3);
    expect(service.volumes[0]).toMatchObject({ source: files[0], target: '/models/a-00001-of-00002.gguf', read_only: true });
    expect(valueAfter(service.command, '--model')).toBe('/models/a-00001-of-00002.gguf');
    expect(valueAfter(service.command, '--mmproj')).toBe('/models/mmproj-F16.gguf');
  });

  test('is there for processors and for GPUs, reached from that machine alone', () => {
    const cpu = serviceOf(fromHub, 'compose.yaml');
    const cuda = serviceOf(fromHub, 'compose.cuda.yaml');
    expect([cpu.image, cuda.image]).toEqual(['ghcr.io/ggml-org/llama.cpp:server', 'ghcr.io/ggml-org/llama.cpp:server-cuda']);
    expect(cpu.ports).toEqual(['127.0.0.1:8080:8080']);
    expect(cpu.command).not.toContain('--n-gpu-layers');
    expect(valueAfter(cuda.command, '--n-gpu-layers')).toBe('24');
    expect(cuda.deploy).toBeDefined();
    expect(of('compose', fromHub).command).toContain('compose.cuda.yaml');
  });

  test('does not start without a key', () => {
    expect(fileOf(of('compose', facts), 'compose.yaml')).toContain('{LLAMA_API_KEY:?');
  });
});

describe('a model handed to Ollama', () => {
  test('has its context, its sampling and its file', () => {
    const draft = of('ollama', facts);
    expect(fileOf(draft, 'Modelfile').split('\n')).toEqual(
      expect.arrayContaining([
        'FROM "/home/ada/My models/Qwen3-8B-Q4_K_M.gguf"',
        'PARAMETER num_ctx 8192',
        'PARAMETER num_gpu 24',
        'PARAMETER min_p 0.05',
      ]),
    );
    expect(draft.command).toBe('ollama create qwen3-8b-q4-k-m -f Modelfile\nollama run qwen3-8b-q4-k-m');
    expect(draft.notes.join(' ')).toContain('OLLAMA_KV_CACHE_TYPE=q8_0');
  });

  test('is pulled by name where its repo is known, and by its own name where Ollama has it', () => {
    expect(fileOf(of('ollama', fromHub), 'Modelfile')).toContain('FROM hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M\n');
    expect(fileOf(of('ollama', { ...facts, ollamaName: 'qwen3:8b' }), 'Modelfile')).toContain('FROM qwen3:8b\n');
  });

  test('is refused with the reason where a Modelfile cannot name the file', () => {
    const draft = of('ollama', { ...facts, files: ['/models/a\nPARAMETER x.gguf'] });
    expect(draft.files).toEqual([]);
    expect(draft.problem).toMatch(/Rename/);
  });

  test('says which of its cache types Ollama does not have', () => {
    expect(of('ollama', { ...facts, settings: { ...facts.settings, kvType: 'iq4_nl' } }).notes.join(' ')).toMatch(/no iq4_nl cache/);
  });
});

describe('a model handed to vLLM', () => {
  test('is the original where the file names it, with the memory that takes', () => {
    const draft = of('vllm', { ...facts, originalRepo: 'Qwen/Qwen3-8B' });
    expect(draft.command).toContain('vllm serve Qwen/Qwen3-8B \\\n');
    expect(draft.notes[0]).toMatch(/original weights of Qwen\/Qwen3-8B.*15\.3 GiB/);
  });

  test('is the GGUF with a warning where only its repo is known, and nothing where that is not', () => {
    expect(of('vllm', fromHub).command).toContain('vllm serve unsloth/Qwen3-8B-GGUF:Q4_K_M');
    expect(of('vllm', fromHub).notes[0]).toMatch(/experimental/);
    expect(of('vllm', facts)).toMatchObject({ command: '', problem: expect.stringContaining('original weights') });
  });
});

test('every hand-over is one of the contract, and its command is one that a shell can read', () => {
  for (const draft of [...handOvers(facts), ...handOvers(fromHub)]) {
    expect(HandOver.parse(draft)).toEqual(draft);
    execFileSync('sh', ['-n', '-c', draft.command]);
  }
});
