import { formatGibibytes } from '../units.ts';
import type { HandOverDraft, HandOverFacts } from './handOverFacts.ts';
import { nameAndQuant } from './llamaServer.ts';
import { shellWord, slugOf } from './quoting.ts';

const bytesOfBf16 = 2;

/**
 * vLLM with the original weights, which is what it is made for; with the GGUF by its plugin where those are not known.
 * Source: vLLM, docs/features/quantization/gguf.md, checked 2026-11-21: GGUF there is experimental, one file, with the original's tokenizer.
 */
export function handToVllm(facts: HandOverFacts): HandOverDraft {
  const draft = { target: 'vllm', title: 'vLLM', files: [] } as const;
  const { contextTokens, parallel } = facts.settings;
  const serving = [
    ['--served-model-name', slugOf(nameAndQuant(facts))],
    ['--host', '127.0.0.1'],
    ['--port', '8000'],
    ...(contextTokens === null ? [] : [['--max-model-len', String(contextTokens)]]),
    ...(parallel > 1 ? [['--max-num-seqs', String(parallel)]] : []),
  ];
  const command = (model: string, more: readonly (readonly string[])[] = []): string =>
    `${makeKey}\n${[`vllm serve ${shellWord(model)}`, ...[...more, ...serving].map((words) => words.map(shellWord).join(' '))].join(' \\\n  ')}`;
  const notes = [
    'Needs a Linux machine with a GPU. The first line makes a key and shows it; only that machine can connect.',
    'Sampling comes with each request: give temperature and the others there.',
  ];
  if (facts.originalRepo !== null) {
    return {
      ...draft,
      files: [],
      command: command(facts.originalRepo),
      notes: [
        `This serves the original weights of ${facts.originalRepo}, as the file itself names them: not the quant that was measured here.${sizeWords(facts)}`,
        ...notes,
      ],
      problem: null,
    };
  }
  const gguf = ggufName(facts);
  if (gguf === null) {
    return {
      ...draft,
      files: [],
      command: '',
      notes: [],
      problem:
        'vLLM runs original weights. This file does not say which it was made from, and its repo is not known here: llama-server runs it as it is.',
    };
  }
  return {
    ...draft,
    files: [],
    command: command(gguf),
    notes: [
      'GGUF is experimental in vLLM, slower there than in llama.cpp, and needs the plugin vllm-gguf-plugin. The original weights, if you know their repo, are the better choice.',
      'Add --tokenizer with the repo of the original model: reading the tokenizer out of the GGUF is slow and does not always work.',
      ...notes,
    ],
    problem: null,
  };
}

function ggufName({ hub, quant, files }: HandOverFacts): string | null {
  if (hub === null || quant === null || files.length !== 1) return null;
  return `${hub.repo}:${quant}`;
}

function sizeWords({ parameters }: HandOverFacts): string {
  return parameters === null ? '' : ` In 16 bits they alone take about ${formatGibibytes(parameters * bytesOfBf16)} of GPU memory.`;
}

const makeKey = 'export VLLM_API_KEY="$(openssl rand -hex 24)"; echo "Key: $VLLM_API_KEY"';
