import { checkFitInput } from '../fit/checkFitInput.ts';
import { estimateFit } from '../fit/estimateFit.ts';
import { withWeightBytes } from '../fit/fitShape.ts';
import type { FitMachine, FitOptions, FitShape } from '../fit/fitTypes.ts';
import { quantTypeOf } from '../quant/quantTypes.ts';
import { formatCount, formatGibibytes } from '../units.ts';
import { type QualityWord, quantDivergence, quantQuality } from './quantQuality.ts';
import type { RepoQuant } from './repoFile.ts';

const gibibyte = 2 ** 30;
/** Without a header: for the KV cache, compute buffers and the engine itself at some thousand tokens. Stated in the reason as "about". */
const assumedExtra = { share: 0.1, bytes: gibibyte };
/** What a machine needs for everything else, so that it stays usable. */
const room = { ramBytes: 2 * gibibyte, ramShare: 0.15, gpuShare: 0.05 };

type Place = 'gpu' | 'ram' | 'tight' | 'none';
type Group = 'near' | 'as-original' | 'slight' | 'some' | 'large' | 'severe';

/** From the best to the least: a small loss at the speed of a GPU goes before none at the speed of RAM, a large one goes last. */
const preference: readonly (readonly [Group, Place])[] = [
  ['near', 'gpu'],
  ['as-original', 'gpu'],
  ['slight', 'gpu'],
  ['near', 'ram'],
  ['as-original', 'ram'],
  ['slight', 'ram'],
  ['some', 'gpu'],
  ['some', 'ram'],
  ['large', 'gpu'],
  ['large', 'ram'],
];

const groupWords: Readonly<Record<Group, string>> = {
  near: 'near-original',
  'as-original': 'as-original',
  slight: 'slight-loss',
  some: 'some-loss',
  large: 'large-loss',
  severe: 'severe-loss',
};

export interface RecommendOptions {
  readonly machine: FitMachine;
  readonly contextTokens: number;
  /** Of any quant of the repo, once a header was read; null = by file size. */
  readonly shape: FitShape | null;
}

export interface Recommendation {
  readonly quant: RepoQuant;
  /** One sentence. */
  readonly reason: string;
}

interface Candidate {
  readonly quant: RepoQuant;
  readonly group: Group;
  readonly divergence: number;
  readonly place: Place;
  readonly freeBytes: number;
}

/**
 * Chooses the quant that most people should take: the best quality that fits the GPU whole, else RAM with room to spare. Between `Q4_K_M`
 * and `Q6_K` where there is a choice, never above `Q8_0`, and of equal types up to four bits the one made with an importance matrix.
 * @param quants of one repo
 * @param asked.contextTokens what it should hold; less where the model was trained for less
 * @returns the quant and why, or null where no file could be run; where nothing fits, the smallest reasonable one and that it does not
 */
export function recommendQuant(quants: readonly RepoQuant[], asked: RecommendOptions): Recommendation | null {
  const shape = asked.shape !== null && checkFitInput(asked.shape).ok ? asked.shape : null;
  const contextTokens = shape === null ? asked.contextTokens : fitOptionsFor(shape, asked.contextTokens).contextTokens;
  const options = { ...asked, shape, contextTokens };
  const candidates = quants.flatMap((quant) => toCandidate(quant, options) ?? []);
  for (const [group, place] of preference) {
    const best = candidates.filter((one) => one.group === group && one.place === place).sort(byQuality)[0];
    if (best) return { quant: best.quant, reason: reasonFor(best, candidates, options) };
  }
  return leastBad(candidates, options);
}

function toCandidate(quant: RepoQuant, options: RecommendOptions): Candidate | null {
  if (quant.missingShards.length > 0 || quant.sizeBytes === 0) return null;
  const type = quant.type === null ? null : quantTypeOf(quant.type.replace(/^UD-/, ''));
  const runsElsewhere = type?.scheme === 'repacked' || (type !== null && 'onlyIn' in type && type.onlyIn !== undefined);
  if (runsElsewhere || type?.scheme === 'float') return null;
  return { quant, ...qualityOf(quant), ...placeOf(quant, options) };
}

function qualityOf(quant: RepoQuant): Pick<Candidate, 'group' | 'divergence'> {
  const divergence = quant.type === null ? null : quantDivergence(quant.type);
  if (quant.type !== null && divergence !== null) return { divergence, group: groupOf(quantQuality(quant.type)) };
  // Nobody measured the type, or the name holds none: its bits are all there is to go by.
  const bits = quant.bits ?? 4;
  const group = bits >= 5 ? 'near' : bits >= 4 ? 'slight' : bits >= 3 ? 'some' : bits >= 2 ? 'large' : 'severe';
  return { group, divergence: 2 ** -bits };
}

function groupOf(word: QualityWord | null): Group {
  switch (word) {
    case 'Original':
    case 'As original':
      return 'as-original';
    case 'Near original':
      return 'near';
    case 'Slight loss':
      return 'slight';
    case 'Some loss':
      return 'some';
    case 'Large loss':
    case null:
      return 'large';
    case 'Severe loss':
      return 'severe';
  }
}

function placeOf(quant: RepoQuant, { machine, contextTokens, shape }: RecommendOptions): Pick<Candidate, 'place' | 'freeBytes'> {
  if (shape === null) return placeBySize(quant.sizeBytes, machine);
  const { state, bytes } = estimateFit(withWeightBytes(shape, quant.sizeBytes), machine, fitOptionsFor(shape, contextTokens));
  if (state === 'none') return { place: 'none', freeBytes: 0 };
  if (state === 'gpu') return { place: 'gpu', freeBytes: Math.max(0, (machine.gpu?.freeBytes ?? 0) - bytes.gpu) };
  const freeBytes = machine.ramAvailableBytes - bytes.ram;
  return { place: state === 'tight' || freeBytes < ramRoom(machine) ? 'tight' : 'ram', freeBytes: Math.max(0, freeBytes) };
}

function placeBySize(sizeBytes: number, machine: FitMachine): Pick<Candidate, 'place' | 'freeBytes'> {
  const needed = sizeBytes * (1 + assumedExtra.share) + assumedExtra.bytes;
  const gpuFree = machine.gpu === null ? 0 : machine.gpu.freeBytes * (1 - room.gpuShare) - needed;
  if (machine.gpu !== null && gpuFree >= 0) return { place: 'gpu', freeBytes: gpuFree };
  // What does not fit the GPU is shared between it and RAM, except where both are the same memory.
  const onGpu = machine.gpu === null || machine.gpu.unified ? 0 : machine.gpu.freeBytes * (1 - room.gpuShare);
  const freeBytes = machine.ramAvailableBytes - (needed - onGpu);
  if (freeBytes >= ramRoom(machine)) return { place: 'ram', freeBytes };
  return freeBytes >= 0 ? { place: 'tight', freeBytes } : { place: 'none', freeBytes: 0 };
}

function ramRoom(machine: FitMachine): number {
  // A small machine would never have room otherwise.
  return Math.min(Math.max(room.ramBytes, machine.ramBytes * room.ramShare), machine.ramAvailableBytes / 3);
}

/**
 * How a model is loaded where nobody chose otherwise.
 * @param contextTokens wanted; cut to what the model was trained for
 */
export function fitOptionsFor(shape: FitShape, contextTokens: number): FitOptions {
  const trained = shape.hyperparameters['context_length'];
  return {
    contextTokens: typeof trained === 'number' && trained > 0 ? Math.min(contextTokens, trained) : contextTokens,
    kvType: 'f16',
    flashAttention: true,
    batchTokens: null,
    gpuLayers: null,
    expertsInRamLayers: 0,
    sequences: 1,
  };
}

/** Least loss first. Of the same type, up to four bits: chosen tensor by tensor, then with an importance matrix; then the smaller one. */
function byQuality(a: Candidate, b: Candidate): number {
  if (a.divergence !== b.divergence) return a.divergence - b.divergence;
  const care = ({ quant }: Candidate): number => ((quant.bits ?? 8) > 4 ? 0 : quant.dynamic ? 2 : quant.imatrix ? 1 : 0);
  return care(b) - care(a) || a.quant.sizeBytes - b.quant.sizeBytes;
}

function reasonFor(best: Candidate, all: readonly Candidate[], options: RecommendOptions): string {
  const at = `at ${formatCount(options.contextTokens)} tokens`;
  const free = `${options.shape === null ? 'about ' : ''}${formatGibibytes(best.freeBytes)}`;
  const what = all.length === 1 ? 'The only quant here. It' : `Best ${groupWords[best.group]} quant that`;
  if (best.place === 'gpu') return `${what} fits the GPU ${at} and leaves ${free} of it free.`;
  return `${what} leaves ${free} of RAM free ${at}.`;
}

/** With little memory to spare, or without enough: the smallest that does not lose too much; last of all what hardly answers any more. */
function leastBad(candidates: readonly Candidate[], options: RecommendOptions): Recommendation | null {
  const bySize = candidates.toSorted((a, b) => a.quant.sizeBytes - b.quant.sizeBytes);
  const isReasonable = (one: Candidate): boolean => one.group !== 'large' && one.group !== 'severe';
  const at = `at ${formatCount(options.contextTokens)} tokens`;
  const tight = bySize.filter((one) => one.place === 'tight');
  const squeezed = tight.find(isReasonable) ?? tight.find((one) => one.group !== 'severe');
  if (squeezed) {
    const free = `${options.shape === null ? 'about ' : ''}${formatGibibytes(squeezed.freeBytes)}`;
    return { quant: squeezed.quant, reason: `Smallest reasonable quant. It is tight: it leaves ${free} of memory free ${at}.` };
  }
  const lossy = bySize.findLast((one) => one.place !== 'none');
  if (lossy) return { quant: lossy.quant, reason: `All that fits this machine ${at}, with a severe loss. A smaller model will do better.` };
  const smallest = bySize.find(isReasonable) ?? bySize[0];
  return smallest ? { quant: smallest.quant, reason: `Smallest reasonable quant, but it does not fit this machine ${at}.` } : null;
}
