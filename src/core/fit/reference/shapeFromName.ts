import type { NameReading } from '../../names/nameReading.ts';
import { quantTypeOf } from '../../quant/quantTypes.ts';
import { withWeightBytes } from '../fitShape.ts';
import type { FitEstimate, FitShape } from '../fitTypes.ts';
import { hasRecipe } from './quantRecipe.ts';
import { type ReferenceModel, referenceModels } from './referenceModels.ts';
import { referenceParameters, referenceShape } from './referenceShape.ts';

/** What an estimate from a name rests on: the model itself, one of its family, or one of about its size. */
export type NameEvidence = 'same-model' | 'same-family' | 'same-size';

export interface NamedShape {
  readonly shape: FitShape;
  /** The model whose layers were taken: `Qwen3 8B`. */
  readonly reference: string;
  readonly evidence: NameEvidence;
}

const leastParameters = 1e6;
const mostParameters = 1e13;
/** A model of the same family counts as near within this factor either way. */
const nearFactor = 1.7;

/**
 * A shape for a model of which only the name is known: the layers of the nearest well-known model, its weights scaled to the size and quant
 * that the name states.
 * @returns null where the name tells no size, no quant of GGUF, or something that is no model by itself
 */
export function shapeFromName(reading: NameReading): NamedShape | null {
  const { quant, role, runnable, parameters, experts } = reading;
  const { total } = parameters;
  if (quant === null || role !== 'model' || runnable === false || total === null) return null;
  if (!(total >= leastParameters && total <= mostParameters)) return null;
  const bits = bitsOf(quant.type);
  if (bits === null) return null;
  const isMixture = parameters.active !== null || experts !== null;
  const model = nearest(reading, { total, isMixture });
  const isSame = isFamily(model, reading) && nominal(model) === total && (model.version === null || model.version === reading.version);
  const scale = isSame ? 1 : total / nominal(model);
  const exact = hasRecipe(quant.type) ? referenceShape(model, quant.type) : null;
  const weightBytes = (exact ? bytesOf(exact) : (referenceParameters(model) * bits) / 8) * scale;
  const base = exact ?? referenceShape(model, likeliest(bits));
  const scaled = exact && isSame ? exact : withWeightBytes(base, weightBytes);
  return {
    // Later releases of a model take longer contexts; the name does not say.
    shape: isSame && reading.date === null ? scaled : withoutTrainedContext(scaled),
    reference: model.name,
    evidence: isSame ? 'same-model' : isFamily(model, reading) ? 'same-family' : 'same-size',
  };
}

/** Shares of weights, and of everything else, that it may be less or more. Packagers choose types of their own; cache differs fourfold by family. */
const spreads: Readonly<Record<NameEvidence, { readonly weights: readonly [number, number]; readonly rest: readonly [number, number] }>> = {
  'same-model': { weights: [0.93, 1.1], rest: [0.8, 1.2] },
  'same-family': { weights: [0.85, 1.2], rest: [0.4, 2] },
  'same-size': { weights: [0.8, 1.3], rest: [0.25, 3] },
};

/** An estimate as uncertain as its source: never exact, between wide bounds, and its speed too. */
export function withNameRange(fit: FitEstimate, { reference, evidence }: NamedShape): FitEstimate {
  const { weights, rest } = spreads[evidence];
  const { total } = fit.bytes;
  const other = total - fit.bytes.weights;
  const speed = fit.tokensPerSecond;
  return {
    ...fit,
    isExact: false,
    range: {
      low: Math.round(fit.bytes.weights * weights[0] + other * rest[0]),
      high: Math.round(fit.bytes.weights * weights[1] + other * rest[1]),
    },
    tokensPerSecond: speed && {
      low: speed.low / weights[1],
      estimate: speed.estimate,
      high: speed.high / weights[0],
      basis: `${speed.basis}, from ${reference}`,
    },
  };
}

function nearest(reading: NameReading, of: { readonly total: number; readonly isMixture: boolean }): ReferenceModel {
  const all: readonly ReferenceModel[] = Object.values(referenceModels);
  const alike = all.filter((model) => (model.experts !== undefined) === of.isMixture);
  const distance = (model: ReferenceModel): number => Math.abs(Math.log(nominal(model) / of.total));
  const byDistance = (models: readonly ReferenceModel[]): ReferenceModel | undefined =>
    models.toSorted(
      (a, b) => distance(a) - distance(b) || Number(b.version === reading.version) - Number(a.version === reading.version),
    )[0];
  const relatives = all.filter((model) => isFamily(model, reading));
  // Some families are mixtures without saying so in their names.
  const alikeRelatives = relatives.filter((model) => alike.includes(model));
  const family = byDistance(alikeRelatives.length > 0 ? alikeRelatives : relatives);
  if (family && distance(family) <= Math.log(nearFactor)) return family;
  return byDistance(alike) ?? referenceModels['qwen3-8b'];
}

function isFamily(model: ReferenceModel, reading: NameReading): boolean {
  return model.family === reading.family;
}

/** What the model is called after: 30e9 of `30B A3B`. */
function nominal(model: ReferenceModel): number {
  return Number.parseFloat(model.size) * 1e9;
}

/** Of a packager's own recipe (`Q4_K_XL`) those of the type it starts from. */
function bitsOf(quant: string): number | null {
  return quantTypeOf(quant)?.bitsPerWeight ?? quantTypeOf(quant.replace(/_(L|XL|XXL|P|MIXED)$/, ''))?.bitsPerWeight ?? null;
}

/** The quant with known types that is nearest in size: on a processor their layout counts. */
function likeliest(bits: number): string {
  const known = ['Q2_K', 'Q3_K_M', 'Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'F16', 'F32'];
  const distance = (quant: string): number => Math.abs((quantTypeOf(quant)?.bitsPerWeight ?? 0) - bits);
  return known.toSorted((a, b) => distance(a) - distance(b))[0] ?? 'Q4_K_M';
}

function withoutTrainedContext(shape: FitShape): FitShape {
  const { context_length: _, ...hyperparameters } = shape.hyperparameters;
  return { ...shape, hyperparameters };
}

function bytesOf(shape: FitShape): number {
  return shape.tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
}
