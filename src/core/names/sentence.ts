import { libraryWords } from './libraries.ts';
import type { NameReading } from './nameReading.ts';
import { publisherFacts } from './publishers.ts';

type Unspoken = Omit<NameReading, 'sentence'>;

/** What a tune adds to the sentence, in the order of the sentence. */
const tuneClauses: readonly (readonly [tune: string, clause: string])[] = Object.entries({
  instruct: 'instruction-tuned',
  chat: 'tuned for chat',
  base: 'a base model that only continues text',
  thinking: 'thinking before it answers',
  coder: 'made for writing code',
  vl: 'reading images as well as text',
  omni: 'taking text, images and sound',
  embedding: 'making embeddings for search',
  reranker: 'ranking search results',
  'tool-calling': 'made for calling tools',
  tts: 'turning text into speech',
  asr: 'writing down speech',
  abliterated: 'with its refusals removed (abliterated)',
  uncensored: 'uncensored',
});

/** Expert pruning and teachers have clauses of their own. */
const methodClauses: Readonly<Record<string, string>> = {
  QAT: 'trained to bear few bits (QAT)',
  MTP: 'with a head that predicts several tokens (MTP)',
  merged: 'merged from several models',
  decensored: 'with its refusals removed',
  pruned: 'pruned',
  upscaled: 'with layers added',
  RL: 'trained by reinforcement',
};

/**
 * Says a name in one plain sentence.
 * @param reading everything read from the name, or corrected by a header
 */
export function sentenceFor(reading: Unspoken): string {
  const title = reading.title;
  switch (reading.role) {
    case 'mmproj':
      return `Vision or audio projector${title === '' ? '' : ` for ${title}`}${join(['', ...storage(reading)])}: it lies beside the model’s own file and lets it see or hear.`;
    case 'imatrix':
      return `Importance matrix${title === '' ? '' : ` of ${title}`}: numbers that help to make good small quants. It is no model.`;
    case 'adapter':
      return `Adapter${title === '' ? '' : ` for ${title}`}${join(['', ...storage(reading)])}: it changes a model and does not run alone.`;
    case 'draft':
      return `Draft model${title === '' ? '' : ` for ${title}`}${join(['', ...sizeClauses(reading), ...storage(reading), ...packaging(reading)])}: it guesses ahead so that the large one answers sooner.`;
    case 'model':
      return modelSentence(reading);
  }
}

function modelSentence(reading: Unspoken): string {
  const clauses = [
    ...sizeClauses(reading),
    ...tuneClausesOf(reading.tunes),
    ...teachers(reading),
    ...methodClausesOf(reading),
    ...(reading.contextTokens === null ? [] : [`with a context of ${thousands(reading.contextTokens)} tokens`]),
    ...dates(reading),
    ...storage(reading),
    ...packaging(reading),
  ];
  if (isPublisherOnly(reading)) return `${reading.publisher} publishes models on the hub.`;
  if (clauses.length === 0 && reading.family === null) return 'This name says nothing that Rightsize knows.';
  return `${reading.title === '' ? 'A model' : reading.title}${join(['', ...clauses])}.`;
}

function isPublisherOnly({ publisher, repo, file, form }: Unspoken): boolean {
  return form === 'url' && publisher !== null && repo === null && file === null && publisher !== 'ai';
}

function tuneClausesOf(tunes: readonly string[]): readonly string[] {
  return tunes.length === 0 ? [] : tuneClauses.flatMap(([tune, clause]) => (tunes.includes(tune) ? [clause] : []));
}

function methodClausesOf({ methods, tunes }: Unspoken): readonly string[] {
  // `abliterated` and `heretic` in one name say the same twice.
  return methods.flatMap((method) => (method === 'decensored' && tunes.includes('abliterated') ? [] : (methodClauses[method] ?? [])));
}

function sizeClauses({ parameters, methods, experts }: Unspoken): readonly string[] {
  const { total, active, effective } = parameters;
  const isPruned = methods.includes('REAP');
  const lead = isPruned ? 'expert-pruned (REAP) to ' : 'with ';
  const mixture = experts === null ? 'mixture of experts' : `mixture of ${experts} experts`;
  if (total !== null && active !== null) {
    return [`${lead}${inWords(total)} parameters of which ${inWords(active)} are active per token (${mixture})`];
  }
  if (total !== null) return [`${lead}${inWords(total)} parameters${experts === null ? '' : ` (${mixture})`}`];
  if (active !== null) return [`with ${inWords(active)} parameters active per token (${mixture})`];
  const pruned = isPruned ? ['expert-pruned (REAP)'] : [];
  if (effective !== null) return [...pruned, `with effectively ${inWords(effective)} parameters`];
  return experts === null ? pruned : [...pruned, `a mixture of ${experts} experts`];
}

function teachers({ methods, segments }: Unspoken): readonly string[] {
  const words = segments.filter(
    ({ kind }, at) =>
      kind === 'teacher' || (kind === 'version' && (segments[at - 1]?.kind === 'teacher' || segments[at + 1]?.kind === 'teacher')),
  );
  // A repo and its file say it twice, each in its own case.
  const names = [...new Map(words.toReversed().map(({ text }) => [text.toLowerCase(), text])).values()].reverse().join(' ');
  if (names !== '' && words.some(({ kind, meaning }) => kind === 'teacher' && meaning !== null)) {
    return [`${methods.includes('distilled') ? 'distilled from' : 'trained on answers of'} ${names}`];
  }
  return methods.includes('distilled') ? [`distilled from ${distilledFamily(segments) ?? 'a larger model'}`] : [];
}

/** `Qwen3.5-9B-GLM5.1-Distill`: another family right before the word. */
function distilledFamily(segments: Unspoken['segments']): string | null {
  const at = segments.findIndex(({ meaning }) => meaning === 'distilled');
  const isVersioned = segments[at - 1]?.kind === 'version';
  const family = segments[isVersioned ? at - 2 : at - 1];
  if (family?.kind !== 'other' || family.meaning?.endsWith(' family') !== true) return null;
  return isVersioned ? `${family.text} ${segments[at - 1]?.text}` : family.text;
}

function dates({ segments }: Unspoken): readonly string[] {
  const date = segments.find(({ kind }) => kind === 'date')?.meaning;
  return date ? [`from ${date}`] : [];
}

function storage({ quant, shard }: Unspoken): readonly string[] {
  const bits = quant && (quant.bitsPerWeight === null ? `about ${quant.bits}` : String(Number(quant.bitsPerWeight.toFixed(1))));
  return [
    ...(quant ? [`stored as ${quant.label} (${bits} ${bits === 'about 1' ? 'bit' : 'bits'} a weight)`] : []),
    ...(shard ? [`part ${shard.index} of ${shard.total}`] : []),
  ];
}

function packaging({ publisher, library, form, imatrix, quant, runnable }: Unspoken): readonly string[] {
  const words = library === null ? null : libraryWords(library);
  const matrix = imatrix && quant === null ? ' in importance-matrix quants' : '';
  const as = words === null ? matrix : ` ${words}${matrix}`;
  const unsupported = runnable === false && library === 'gguf' ? ['which the engine of Rightsize cannot run'] : [];
  if (form === 'docker' || (publisher === 'ai' && form === 'url')) return [`packaged by Docker${as}`, ...unsupported];
  if (form === 'ollama') return ['from the library of Ollama', ...unsupported];
  if (publisher === null) return words === null ? [] : [`${as.trim()}`, ...unsupported];
  switch (publisherFacts(publisher).kind) {
    case 'lab':
      return [`published by ${publisher} itself${as}`, ...unsupported];
    case 'packager':
      return [`packaged by ${publisher}${as}`, ...unsupported];
    case 'tuner':
    case 'unknown':
      return [`published by ${publisher}${as}`, ...unsupported];
  }
}

/** `30 billion`, `46.7 billion`, `270 million`. */
function inWords(parameters: number): string {
  const unit = unitOf(parameters);
  const value = parameters / (unit === 'trillion' ? 1e12 : unit === 'billion' ? 1e9 : 1e6);
  return `${Number(value.toPrecision(3))} ${unit}`;
}

function unitOf(parameters: number): 'million' | 'billion' | 'trillion' {
  return parameters >= 1e12 ? 'trillion' : parameters >= 1e9 ? 'billion' : 'million';
}

function thousands(tokens: number): string {
  return tokens % 1024 === 0 ? `${tokens / 1024}k` : tokens >= 1e6 ? `${tokens / 1e6}M` : `${Math.round(tokens / 1000)}k`;
}

function join(clauses: readonly string[]): string {
  return clauses.join(', ');
}
