import { formatCount } from '../units.ts';
import type { HandOverDraft, HandOverFacts } from './handOverFacts.ts';
import { shellWord, slugOf } from './quoting.ts';

export const llamaServerPort = 8080;

/** Where a llama-server finds the model: the hub's file, or paths of its own machine. */
export type ModelSource = { readonly model: string; readonly projector: string | null } | 'hub';

/**
 * The arguments of llama-server, a flag and its value each. Its own names, which have been the same since the end of 2025.
 * Source: llama.cpp, tools/server/README.md, checked 2026-11-21.
 */
export function llamaServerArguments(
  facts: HandOverFacts,
  serving: { readonly source: ModelSource; readonly host: string },
): readonly (readonly string[])[] {
  const { contextTokens, parallel, kvType, flashAttention, gpuLayers, threads, sampling } = facts.settings;
  return [
    ...sourceArguments(facts, serving.source),
    ['--alias', slugOf(nameAndQuant(facts))],
    ['--host', serving.host],
    ['--port', String(llamaServerPort)],
    // Its context is that of all slots together, each gets an equal part.
    ...(contextTokens === null ? [] : [['--ctx-size', String(contextTokens * parallel)]]),
    ['--parallel', String(parallel)],
    ...(gpuLayers === null ? [] : [['--n-gpu-layers', gpuLayers === 'all' ? '999' : String(gpuLayers)]]),
    ...(threads === null ? [] : [['--threads', String(threads)]]),
    ...(flashAttention === null ? [] : [['--flash-attn', flashAttention ? 'on' : 'off']]),
    ...(kvType === null || kvType === 'f16'
      ? []
      : [
          ['--cache-type-k', kvType],
          ['--cache-type-v', kvType],
        ]),
    ['--temp', String(sampling.temperature)],
    ['--top-k', String(sampling.topK ?? 0)],
    ['--top-p', String(sampling.topP ?? 1)],
    ['--min-p', String(sampling.minP ?? 0)],
    ...(sampling.repeatPenalty === null ? [] : [['--repeat-penalty', String(sampling.repeatPenalty)]]),
    ...(facts.hasChatTemplate ? [['--jinja']] : []),
  ];
}

/** A command for a terminal. */
export function handToLlamaServer(facts: HandOverFacts): HandOverDraft {
  const source = sourceOf(facts);
  const lines = llamaServerArguments(facts, { source, host: '127.0.0.1' }).map((words) => words.map(shellWord).join(' '));
  return {
    target: 'llama-server',
    title: 'llama-server',
    command: `${makeKey}\n${['llama-server', ...lines].join(' \\\n  ')}`,
    files: [],
    notes: [
      'Needs llama.cpp on that machine. The first line makes a key and shows it: programs send it as their API key. It is not the key of Rightsize.',
      'Only that machine can connect. For others write --host 0.0.0.0, and keep the key.',
      ...commonNotes(facts, source),
    ],
    problem: null,
  };
}

/** The hub's file where it is known, as another machine has no other; else the paths of this one. */
export function sourceOf(facts: HandOverFacts): ModelSource {
  return facts.hub === null ? { model: facts.files[0] ?? '', projector: facts.projector } : 'hub';
}

export const nameAndQuant = (facts: HandOverFacts): string => (facts.quant === null ? facts.name : `${facts.name} ${facts.quant}`);

/** What has to be known wherever llama-server runs it. */
export function commonNotes(facts: HandOverFacts, source: ModelSource): string[] {
  const { contextTokens, parallel, gpuLayers } = facts.settings;
  return [
    source === 'hub'
      ? 'It downloads the same file from Hugging Face at the first start. A gated one needs HF_TOKEN there.'
      : `The ${facts.files.length > 1 ? `${facts.files.length} files are` : 'file is'} named by ${facts.files.length > 1 ? 'their' : 'its'} place on this machine: on another one copy ${facts.files.length > 1 ? 'them' : 'it'} and change the path.`,
    ...(contextTokens !== null && parallel > 1
      ? [`Its context is shared out: ${parallel} requests side by side with ${formatCount(contextTokens)} tokens each.`]
      : []),
    ...(gpuLayers === null ? ['How many layers go to a GPU is left to llama-server, which takes as many as fit there.'] : []),
    ...(facts.hasChatTemplate
      ? []
      : ['The file has no chat template: ask it by /v1/completions, or name a template with --chat-template.']),
  ];
}

const makeKey = 'export LLAMA_API_KEY="$(openssl rand -hex 24)"; echo "Key: $LLAMA_API_KEY"';

function sourceArguments(facts: HandOverFacts, source: ModelSource): string[][] {
  if (source !== 'hub') {
    return [['--model', source.model], ...(source.projector === null ? [] : [['--mmproj', source.projector]])];
  }
  if (facts.hub === null) throw new Error('There is no repo to name.');
  return [
    ['--hf-repo', facts.hub.repo],
    ['--hf-file', facts.hub.file],
  ];
}
