import type { HandOverDraft, HandOverFacts } from './handOverFacts.ts';
import { nameAndQuant } from './llamaServer.ts';
import { modelfileValue, oneLine, slugOf } from './quoting.ts';

const cacheTypes: readonly string[] = ['f16', 'q8_0', 'q4_0'];

/**
 * A Modelfile with the same sampling and context, and the commands that make a model of it.
 * Source: ollama, docs/modelfile.md and docs/faq.md, checked 2026-11-21.
 */
export function handToOllama(facts: HandOverFacts): HandOverDraft {
  const name = slugOf(nameAndQuant(facts));
  const from = fromLines(facts);
  const draft = { target: 'ollama', title: 'Ollama' } as const;
  if (from === null) {
    return {
      ...draft,
      command: '',
      files: [],
      notes: [],
      problem: 'A Modelfile cannot name this file: its path has a sign that Ollama drops while reading. Rename the file or its folder.',
    };
  }
  const { contextTokens, gpuLayers, threads, sampling } = facts.settings;
  const parameters: readonly (readonly [string, number | null])[] = [
    ['num_ctx', contextTokens],
    ['num_gpu', typeof gpuLayers === 'number' ? gpuLayers : null],
    ['num_thread', threads],
    ['temperature', sampling.temperature],
    ['top_k', sampling.topK ?? 0],
    ['top_p', sampling.topP ?? 1],
    ['min_p', sampling.minP ?? 0],
    ['repeat_penalty', sampling.repeatPenalty ?? 1],
  ];
  const lines = [
    `# ${oneLine(nameAndQuant(facts))}`,
    ...from,
    ...parameters.flatMap(([key, value]) => (value === null ? [] : [`PARAMETER ${key} ${value}`])),
  ];
  return {
    ...draft,
    command: `ollama create ${name} -f Modelfile\nollama run ${name}`,
    files: [{ name: 'Modelfile', text: `${lines.join('\n')}\n` }],
    notes: [...sourceNotes(facts), ...serverNotes(facts), ...templateNotes(facts)],
    problem: null,
  };
}

function fromLines(facts: HandOverFacts): string[] | null {
  if (facts.ollamaName !== null) {
    const value = modelfileValue(facts.ollamaName);
    return value === null ? null : [`FROM ${value}`];
  }
  if (isPulled(facts)) return [`FROM hf.co/${facts.hub?.repo}:${facts.quant}`];
  const values = [...facts.files, ...(facts.projector === null ? [] : [facts.projector])].map(modelfileValue);
  return values.includes(null) ? null : values.map((value) => `FROM ${value}`);
}

/** Ollama finds a quant of a repo by its name; of one in several files only recent ones do. */
function isPulled({ hub, quant, files }: HandOverFacts): boolean {
  return hub !== null && quant !== null && files.length === 1 && /^[A-Za-z0-9_]+$/.test(quant);
}

function sourceNotes(facts: HandOverFacts): string[] {
  if (facts.ollamaName !== null) return ['Built upon the model that Ollama has; elsewhere it is pulled first.'];
  if (isPulled(facts)) return ['Ollama downloads the quant of that name from Hugging Face.'];
  return [
    facts.files.length > 1
      ? 'One line for each file, as recent versions of Ollama read them; on another machine copy the files and change the paths.'
      : 'Ollama copies the file into its own store; on another machine copy it there and change the path.',
  ];
}

function serverNotes({ settings: { kvType, flashAttention, parallel } }: HandOverFacts): string[] {
  const variables = [
    flashAttention === true ? 'OLLAMA_FLASH_ATTENTION=1' : null,
    kvType !== null && kvType !== 'f16' && cacheTypes.includes(kvType) ? `OLLAMA_KV_CACHE_TYPE=${kvType}` : null,
    parallel > 1 ? `OLLAMA_NUM_PARALLEL=${parallel}` : null,
  ].filter((variable) => variable !== null);
  return [
    ...(variables.length === 0 ? [] : [`Set for the whole server and not for one model: ${variables.join(', ')}.`]),
    ...(kvType !== null && !cacheTypes.includes(kvType) ? [`Ollama has no ${kvType} cache: it takes f16, which needs other memory.`] : []),
  ];
}

function templateNotes({ hasChatTemplate }: HandOverFacts): string[] {
  return hasChatTemplate
    ? [
        'Ollama puts a template of its own in place of the file’s where it knows that one. If answers differ, compare with ollama show --template.',
      ]
    : ['The file has no chat template: without a TEMPLATE line Ollama passes on the text as it is.'];
}
