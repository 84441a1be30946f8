import { type GgufHeader, isGgufArray, numberIn, numbersIn, textIn } from './ggufHeader.ts';

/** LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS of the bundled llama.cpp. */
const layerLimit = 512;
const expertLimit = 1024;
const widthLimit = 1_048_576;

/** Keys that must be above 0 where they are present, in one layer at least; the engine divides by them or asserts. */
const positiveKeys = ['embedding_length', 'attention.key_length', 'attention.value_length'] as const;
/** Absent in models without attention, which say 0: judged only where no recurrent layer is declared. */
const headKeys = ['attention.head_count', 'attention.head_count_kv'] as const;
const epsilonKeys = ['attention.layer_norm_rms_epsilon', 'attention.layer_norm_epsilon', 'attention.group_norm_epsilon'] as const;

/**
 * Checks the numbers that llama.cpp asserts on while loading (`llama_model_base::load_hparams`), so that a bad file is refused, not crashed on.
 * @param header of one file
 * @returns a sentence that names key and value, or null when nothing is wrong or the file describes no model
 */
export function checkHyperparameters(header: GgufHeader): string | null {
  const architecture = textIn(header, 'general.architecture');
  if (architecture === null) return null;
  const key = (name: string): string => `${architecture}.${name}`;
  return (
    checkRange(header, { key: key('block_count'), least: 1, most: layerLimit }) ??
    checkNextLayers(header, key) ??
    first(positiveKeys, (name) => checkPerLayer(header, key(name))) ??
    (isRecurrent(header, architecture) ? null : first(headKeys, (name) => checkPerLayer(header, key(name)))) ??
    checkHeadWidth(header, key) ??
    checkExperts(header, key) ??
    first(epsilonKeys, (name) => checkEpsilon(header, key(name)))
  );
}

function first<T>(names: readonly T[], check: (name: T) => string | null): string | null {
  for (const name of names) {
    const problem = check(name);
    if (problem) return problem;
  }
  return null;
}

function checkRange(header: GgufHeader, rule: { readonly key: string; readonly least: number; readonly most: number }): string | null {
  const wrong = numbersIn(header, rule.key).find((value) => !(value >= rule.least && value <= rule.most));
  return wrong === undefined ? null : `"${rule.key}" is ${wrong}; it must lie between ${rule.least} and ${rule.most}.`;
}

function checkNextLayers(header: GgufHeader, key: (name: string) => string): string | null {
  const blocks = numberIn(header, key('block_count'));
  const next = numberIn(header, key('nextn_predict_layers'));
  if (blocks === null || next === null || next <= blocks) return null;
  return `"${key('nextn_predict_layers')}" is ${next}, more than the ${blocks} blocks there are.`;
}

function isRecurrent(header: GgufHeader, architecture: string): boolean {
  const marks = [`${architecture}.ssm.`, `${architecture}.wkv.`, `${architecture}.shortconv.`];
  return [...header.metadata.keys()].some((key) => marks.some((mark) => key.startsWith(mark)));
}

/** Given per layer, 0 means a layer without attention; a model with nothing but those is broken. */
function checkPerLayer(header: GgufHeader, key: string): string | null {
  const values = numbersIn(header, key);
  if (values.length === 0) return isGgufArray(header.metadata.get(key)) ? `"${key}" is an empty list.` : null;
  const wrong = values.find((value) => !(value >= 0 && value <= widthLimit));
  if (wrong !== undefined) return `"${key}" is ${wrong}; it must lie between 1 and ${widthLimit}.`;
  return values.every((value) => value === 0) ? `"${key}" is 0; it must lie between 1 and ${widthLimit}.` : null;
}

function checkHeadWidth(header: GgufHeader, key: (name: string) => string): string | null {
  const width = numberIn(header, key('embedding_length'));
  const heads = numberIn(header, key('attention.head_count'));
  if (width === null || heads === null || numberIn(header, key('attention.key_length')) !== null || heads <= width) return null;
  return `"${key('attention.head_count')}" is ${heads}, more than the ${width} values there are to share among heads.`;
}

function checkExperts(header: GgufHeader, key: (name: string) => string): string | null {
  const experts = numberIn(header, key('expert_count'));
  const used = numbersIn(header, key('expert_used_count')).reduce((a, b) => Math.max(a, b), 0);
  if (experts === null) return null;
  if (!(experts >= 0 && experts <= expertLimit)) return `"${key('expert_count')}" is ${experts}; it must lie between 0 and ${expertLimit}.`;
  if (used > experts) return `"${key('expert_used_count')}" is ${used}, more than the ${experts} experts there are.`;
  if (experts > 1 && used === 0) return `"${key('expert_used_count')}" is 0 in a model with ${experts} experts.`;
  const groups = numberIn(header, key('expert_group_count')) ?? 0;
  if (experts > 0 && groups > 1 && (groups >= experts || experts % groups !== 0)) {
    return `"${key('expert_group_count')}" is ${groups}, which does not divide ${experts} experts.`;
  }
  return null;
}

function checkEpsilon(header: GgufHeader, key: string): string | null {
  const epsilon = numberIn(header, key);
  return epsilon === null || (Number.isFinite(epsilon) && epsilon >= 0) ? null : `"${key}" is ${epsilon}, which is no number to divide by.`;
}
