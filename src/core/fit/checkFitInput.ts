import { type FitHyperparameter, type FitMachine, type FitOptions, type FitShape, kvTypes } from './fitTypes.ts';
import { modelFactsOf } from './modelFacts.ts';
import { kvTypeSize } from './typeSizes.ts';

/**
 * `shape`: the header cannot be estimated from. `options`: what was asked for makes no sense for this model. `machine`: its memory is not known.
 */
export type FitProblemCode = 'fit-shape-unusable' | 'fit-options-invalid' | 'fit-machine-unknown';

export interface FitProblem {
  readonly code: FitProblemCode;
  /** One sentence that names what is wrong, for people. */
  readonly reason: string;
}

export type FitInputCheck = { readonly ok: true } | ({ readonly ok: false } & FitProblem);

/**
 * Thrown by `estimateFit` for input that `checkFitInput` refuses, and for a header whose numbers turn out to contradict each other. Callers turn
 * it into words or "unknown".
 */
export class FitInputError extends Error {
  override readonly name = 'FitInputError';
  readonly code: FitProblemCode;

  constructor(problem: FitProblem) {
    super(problem.reason);
    this.code = problem.code;
  }
}

/** LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS of llama.cpp v0.5.0. */
const layerLimit = 512;
const expertLimit = 1024;
const widthLimit = 1_048_576;
const tokenLimit = 2 ** 31;
const sequenceLimit = 256;

/** Numbers that sizes are computed from, with what they can be; each may be missing. The engine divides by them, or asserts. */
const countRules: readonly { readonly key: string; readonly least: number; readonly most: number }[] = [
  { key: 'context_length', least: 1, most: tokenLimit },
  { key: 'nextn_predict_layers', least: 0, most: layerLimit },
  { key: 'n_deepstack_layers', least: 0, most: layerLimit },
  { key: 'embedding_length_per_layer_input', least: 0, most: widthLimit },
  { key: 'altup.num_inputs', least: 2, most: 16 },
  { key: 'full_attention_interval', least: 1, most: layerLimit },
  { key: 'rope.dimension_count', least: 0, most: widthLimit },
  { key: 'attention.sliding_window', least: 0, most: tokenLimit },
  { key: 'attention.shared_kv_layers', least: 0, most: layerLimit },
  { key: 'attention.kv_lora_rank', least: 0, most: widthLimit },
  { key: 'attention.key_length_swa', least: 1, most: widthLimit },
  { key: 'attention.value_length_swa', least: 1, most: widthLimit },
  { key: 'attention.key_length_mla', least: 0, most: widthLimit },
  { key: 'attention.value_length_mla', least: 0, most: widthLimit },
  { key: 'shortconv.l_cache', least: 1, most: 1024 },
  { key: 'ssm.conv_kernel', least: 1, most: 1024 },
  { key: 'ssm.inner_size', least: 1, most: widthLimit },
  { key: 'ssm.state_size', least: 1, most: widthLimit },
  { key: 'ssm.time_step_rank', least: 1, most: widthLimit },
  { key: 'ssm.group_count', least: 0, most: widthLimit },
];

/** May be given once or for each layer. */
const perLayerKeys = [
  'attention.head_count',
  'attention.head_count_kv',
  'attention.key_length',
  'attention.value_length',
  'feed_forward_length',
  'attention.sliding_window_pattern',
  'attention.recurrent_layers',
] as const;

/**
 * Says whether an estimate can be made, before making it.
 * @param options left out where only the shape is to be judged
 * @returns ok, or the first thing that is wrong in words
 */
export function checkFitInput(shape: FitShape, options?: FitOptions): FitInputCheck {
  const reason = shapeProblem(shape);
  if (reason) return { ok: false, code: 'fit-shape-unusable', reason };
  const asked = options ? (optionsProblem(shape, options) ?? cacheProblem(shape, options)) : null;
  return asked ? { ok: false, code: 'fit-options-invalid', reason: asked } : { ok: true };
}

/** @throws {FitInputError} with the first thing that is wrong */
export function requireFitInput(shape: FitShape, machine: FitMachine, options: FitOptions): void {
  for (const check of [checkFitInput(shape, options), checkFitMachine(machine)]) if (!check.ok) throw new FitInputError(check);
}

/**
 * Says whether a machine can be planned for: sizes that are no sizes would only show as a wrong verdict. Less than nothing may be free, where more is
 * taken than there is.
 */
function checkFitMachine({ ramBytes, ramAvailableBytes, gpu }: FitMachine): FitInputCheck {
  const unknown = (what: string): FitInputCheck => ({
    ok: false,
    code: 'fit-machine-unknown',
    reason: `How much ${what} this machine has is not known, so nothing can be said about what fits.`,
  });
  const isSize = (bytes: number): boolean => Number.isFinite(bytes) && bytes > 0;
  if (!isSize(ramBytes)) return unknown('memory');
  if (!Number.isFinite(ramAvailableBytes)) return unknown('free memory');
  if (gpu && !isSize(gpu.vramBytes)) return unknown('GPU memory');
  if (gpu && !Number.isFinite(gpu.freeBytes)) return unknown('free GPU memory');
  return { ok: true };
}

function shapeProblem(shape: FitShape): string | null {
  if (shape.architecture === '') return 'The header names no architecture, so its layers cannot be read.';
  if (shape.tensors.length === 0) return 'The header lists no tensors; a file without weights is no model.';
  const values = shape.hyperparameters;
  return (
    wholeNumber(values, { key: 'block_count', most: layerLimit }) ??
    wholeNumber(values, { key: 'embedding_length', most: widthLimit }) ??
    perLayerKeys.reduce<string | null>((found, key) => found ?? listProblem(values, key), null) ??
    countRules.reduce<string | null>((found, rule) => found ?? countProblem(values, rule), null) ??
    headProblem(shape) ??
    expertProblem(values) ??
    byteProblem(shape)
  );
}

function wholeNumber(values: FitShape['hyperparameters'], rule: { readonly key: string; readonly most: number }): string | null {
  const value = values[rule.key];
  if (value === undefined) return `The header lacks "${rule.key}".`;
  return isCount(value, rule.most) ? null : `"${rule.key}" is ${shown(value)}; it must be a whole number from 1 to ${rule.most}.`;
}

function countProblem(
  values: FitShape['hyperparameters'],
  rule: { readonly key: string; readonly least: number; readonly most: number },
): string | null {
  const value = values[rule.key];
  if (value === undefined) return null;
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isRight = (entry: unknown): boolean => isCount(entry, rule.most) || (rule.least === 0 && entry === 0);
  const wrong = entries.find((entry) => !isRight(entry) || (typeof entry === 'number' && entry < rule.least));
  return wrong === undefined ? null : `"${rule.key}" is ${shown(wrong)}; it must be a whole number from ${rule.least} to ${rule.most}.`;
}

function listProblem(values: FitShape['hyperparameters'], key: string): string | null {
  const value = values[key];
  if (!Array.isArray(value)) return null;
  const blocks = values.block_count;
  return value.length === blocks ? null : `"${key}" lists ${value.length} values for ${shown(blocks)} layers.`;
}

/** Recurrent models may have no heads at all; every other needs some. In a list 0 marks a layer without attention. */
function headProblem({ hyperparameters: values }: FitShape): string | null {
  const isRecurrent = ['ssm.state_size', 'wkv.head_size', 'shortconv.l_cache'].some((key) => values[key] !== undefined);
  const heads = values['attention.head_count'];
  if (heads === undefined && !isRecurrent) return 'The header lacks "attention.head_count".';
  for (const key of headKeys) {
    const value = values[key];
    const most = widthLimit;
    const wrong = countProblem(values, { key, least: Array.isArray(value) || isRecurrent ? 0 : 1, most });
    if (wrong) return wrong;
    if (Array.isArray(value) && !isRecurrent && (value as readonly unknown[]).every((entry) => entry === 0))
      return `"${key}" is 0 in every layer.`;
  }
  const width = values.embedding_length;
  const most = largestOf(heads);
  if (values['attention.key_length'] === undefined && typeof width === 'number' && most > width)
    return `"attention.head_count" is ${most}, more heads than the ${width} values of a token can be divided among.`;
  const lengthKeys = ['attention.key_length', 'attention.value_length'];
  return lengthKeys.reduce<string | null>(
    (found, key) => found ?? countProblem(values, { key, least: Array.isArray(values[key]) ? 0 : 1, most: widthLimit }),
    null,
  );
}

function largestOf(value: FitHyperparameter | undefined): number {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.reduce<number>((most, entry) => (typeof entry === 'number' ? Math.max(most, entry) : most), 0);
}

const headKeys = ['attention.head_count', 'attention.head_count_kv'] as const;

function expertProblem(values: FitShape['hyperparameters']): string | null {
  const experts = values.expert_count ?? 0;
  if (experts === 0) return null;
  if (!isCount(experts, expertLimit)) return `"expert_count" is ${shown(experts)}; it must be a whole number from 1 to ${expertLimit}.`;
  const used = values.expert_used_count;
  const most = Array.isArray(used) ? Math.max(...(used as readonly number[])) : used;
  return isCount(most, experts as number) ? null : `"expert_used_count" is ${shown(used)} of ${shown(experts)} experts.`;
}

function byteProblem(shape: FitShape): string | null {
  const wrong = shape.tensors.find(
    ({ bytes, shape: sides }) => !(Number.isFinite(bytes) && bytes >= 0) || sides.some((side) => !Number.isFinite(side) || side < 0),
  );
  return wrong ? `The tensor "${wrong.name}" has an impossible size.` : null;
}

function optionsProblem(shape: FitShape, options: FitOptions): string | null {
  const trained = shape.hyperparameters.context_length;
  const { contextTokens, kvType, batchTokens, gpuLayers, sequences } = options;
  if (!isCount(contextTokens, tokenLimit))
    return `A context of ${contextTokens} tokens is not possible; it must be a whole number above 0.`;
  if (typeof trained === 'number' && contextTokens > trained) {
    return `A context of ${contextTokens} tokens is more than the ${trained} that the model was trained for.`;
  }
  if (batchTokens !== null && !isCount(batchTokens, tokenLimit)) return `A batch of ${batchTokens} tokens is not possible.`;
  if (gpuLayers !== null && !(Number.isInteger(gpuLayers) && gpuLayers >= 0)) return `${gpuLayers} layers on the GPU are not possible.`;
  if (!isCount(sequences, sequenceLimit)) return `${sequences} sequences are not possible; 1 to ${sequenceLimit} are.`;
  if (!(Number.isInteger(options.expertsInRamLayers) && options.expertsInRamLayers >= 0)) {
    return `${options.expertsInRamLayers} layers with experts in RAM are not possible.`;
  }
  if (!kvTypes.includes(kvType)) return `A cache of type ${kvType} is not known; there are ${kvTypes.join(', ')}.`;
  const projector = options.projectorBytes ?? 0;
  if (!(Number.isFinite(projector) && projector >= 0)) return 'The projector has an impossible size.';
  // The engine refuses to create such a context.
  if (!options.flashAttention && kvTypeSize(kvType).blockElements > 1) return `A cache of type ${kvType} needs flash attention.`;
  return null;
}

/** `llama_init_from_model`: blocks of a quantised cache have to divide the heads, of every layer. */
function cacheProblem(shape: FitShape, { kvType }: FitOptions): string | null {
  const { blockElements } = kvTypeSize(kvType);
  if (blockElements === 1) return null;
  for (const { keyLength, valueLength } of modelFactsOf(shape).layers) {
    const wrong = [keyLength, valueLength].find((length) => length % blockElements !== 0);
    if (wrong !== undefined)
      return `A cache of type ${kvType} is made of blocks of ${blockElements} values, which do not divide this model's heads of ${wrong}.`;
  }
  return null;
}

function isCount(value: FitHyperparameter | undefined | unknown, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
}

function shown(value: unknown): string {
  return Array.isArray(value) ? 'a list' : value === undefined ? 'missing' : String(value);
}
