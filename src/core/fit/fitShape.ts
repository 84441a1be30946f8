import { type GgufHeader, type GgufTensor, isGgufArray, numberIn, textIn } from '../gguf/ggufHeader.ts';
import type { FitHyperparameter, FitShape, FitTensor } from './fitTypes.ts';

const blockName = /^blk\.(\d{1,4})\.(.+)$/;
const textLimit = 64;

/**
 * Draws out of one or more headers (the shards of one model, in order) what the estimate needs. Vocabularies, templates and names stay behind:
 * the result is plain JSON of some ten KB and may be cached and sent to the page.
 * @param headers of all shards; the first carries the hyper-parameters
 * @returns the shape; `checkFitInput` says whether it can be estimated
 */
export function fitShapeOf(headers: readonly GgufHeader[]): FitShape {
  const first = headers[0];
  if (!first) return { architecture: '', hyperparameters: {}, vocabularySize: null, tensors: [] };
  const architecture = textIn(first, 'general.architecture') ?? '';
  const prefix = `${architecture}.`;
  const hyperparameters = hyperparametersOf(first, prefix);
  const tokenizer = textIn(first, 'tokenizer.ggml.model');
  return {
    architecture,
    hyperparameters,
    hyperparameterTypes: Object.fromEntries(
      Object.keys(hyperparameters).map((name) => [name, first.metadataTypes.get(prefix + name) ?? '']),
    ),
    vocabularySize: first.vocabulary?.length ?? numberIn(first, `${architecture}.vocab_size`),
    ...(tokenizer === null ? {} : { tokenizer: tokenizer.slice(0, textLimit) }),
    tensors: groupTensors(headers.flatMap((header) => header.tensors)),
  };
}

/**
 * The same shape with its weights scaled to another quant's size: for quants whose own header was not read. Tensors that quantisers leave in
 * full precision keep their size. The memory of cache and working space stays exact, the weights are as right as the size given.
 * @param weightBytes of all tensors of the other quant
 */
export function withWeightBytes(shape: FitShape, weightBytes: number): FitShape {
  let kept = 0;
  let scaled = 0;
  for (const tensor of shape.tensors) {
    const bytes = tensor.bytes * (tensor.layers?.length ?? 1);
    if (isKept(tensor)) kept += bytes;
    else scaled += bytes;
  }
  if (scaled === 0 || !(weightBytes > 0)) return shape;
  const ratio = Math.max(weightBytes - kept, 0) / scaled;
  const tensors = shape.tensors.map((tensor) => (isKept(tensor) ? tensor : { ...tensor, bytes: Math.round(tensor.bytes * ratio) }));
  return { ...shape, tensors };
}

function isKept(tensor: FitTensor): boolean {
  return tensor.type === 'F32' && (tensor.shape.length < 2 || tensor.shape[1] === 1);
}

function hyperparametersOf(header: GgufHeader, prefix: string): Record<string, FitHyperparameter> {
  const kept: Record<string, FitHyperparameter> = {};
  for (const [key, value] of header.metadata) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    if (isGgufArray(value)) {
      if (value.length !== value.first.length) continue;
      const numbers = value.first.filter((entry) => typeof entry === 'number');
      const marks = value.first.filter((entry) => typeof entry === 'boolean');
      // JSON has no infinity, and no key that is needed here does.
      if (numbers.length === value.length && numbers.every(Number.isFinite)) kept[name] = numbers;
      else if (marks.length === value.length) kept[name] = marks;
    } else if (typeof value === 'number') {
      if (Number.isFinite(value)) kept[name] = value;
    } else if (typeof value === 'boolean' || (typeof value === 'string' && value.length <= textLimit)) {
      kept[name] = value;
    }
  }
  return kept;
}

function groupTensors(tensors: readonly GgufTensor[]): readonly FitTensor[] {
  const groups = new Map<string, FitTensor & { readonly layers: number[] | null }>();
  for (const { name, type, dimensions, bytes } of tensors) {
    const block = blockName.exec(name);
    const shortName = block?.[2] ?? name;
    const key = `${block ? 'layer' : 'model'} ${shortName} ${type} ${dimensions.join('x')}`;
    const group = groups.get(key);
    if (group) group.layers?.push(Number(block?.[1]));
    else groups.set(key, { name: shortName, type, shape: dimensions, bytes, layers: block ? [Number(block[1])] : null });
  }
  return [...groups.values()];
}
