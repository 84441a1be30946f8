import { fitOptionsFor } from '#core/catalog/recommendQuant.ts';
import { cheapestChange, type FitChange } from '#core/fit/cheapestChange.ts';
import { withWeightBytes } from '#core/fit/fitShape.ts';
import type { FitEstimate, FitMachine, FitOptions, FitState, KvType } from '#core/fit/fitTypes.ts';
import { ifOthersClosed } from '#core/fit/ifOthersClosed.ts';
import { hasRoom } from '#core/fit/smallerOptions.ts';
import { formatCount, formatGibibytes } from '#core/units.ts';
import type { MemoryHolders } from '#shared/contract/system.ts';
import { fitWords } from '../ui/fitWords.ts';
import type { Estimated } from './engineQuestion.ts';
import { fitOf, orNull } from './fitPlan.ts';
import { fitRank } from './rankFits.ts';

/** Another quant of the same model that could be taken instead. */
export interface OtherQuant {
  readonly file: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/** One click that makes it fit. Null = stays as it is. */
export interface AdvisedChange {
  readonly words: string;
  /** What it leads to: `RAM only, 5.2 GiB`. */
  readonly outcome: string;
  readonly contextTokens: number | null;
  readonly kvType: KvType | null;
  readonly file: string | null;
}

export interface FitAdvice {
  /** `none`: it does not fit; `tight`: just so; `better`: it fits, and would fit better. */
  readonly kind: 'none' | 'tight' | 'better';
  /** What is the matter, with numbers; null where nothing is. */
  readonly problem: string | null;
  /** What closing other apps would bring. */
  readonly ifClosed: string;
  readonly wouldHelp: boolean;
  /** Where other apps are in the way. */
  readonly place: 'ram' | 'gpu';
  readonly changes: readonly AdvisedChange[];
}

/**
 * What could be done about a model that does not fit, or only just.
 * @param quants others of the same model; none = only context and cache can change
 * @returns null where it fits as well as it ever could
 */
export function fitAdvice({ subject, plan, fit }: Estimated, quants: readonly OtherQuant[] = []): FitAdvice | null {
  const { machine } = plan;
  const closed = fitOf(subject, { ...plan, machine: ifOthersClosed(machine) });
  const isBetter = closed !== null && fitRank(closed) > fitRank(fit);
  const place = shortest(fit, machine).place;
  if (hasRoom(fit)) {
    // More layers of the same model on the GPU are worth a word, a few of them are not.
    if (closed === null || fitRank(closed) - fitRank(fit) < 0.1) return null;
    return { kind: 'better', problem: null, ifClosed: closedWords(closed), wouldHelp: true, place: 'gpu', changes: [] };
  }
  return {
    kind: fit.state === 'none' ? 'none' : 'tight',
    problem: problemWords(fit, machine),
    ifClosed: isBetter && closed !== null ? closedWords(closed) : 'Closing other apps would not be enough.',
    wouldHelp: isBetter,
    place,
    changes: changesFor({ subject, plan, fit }, quants),
  };
}

/** @returns who holds most of a memory: `Firefox 2.1 GiB, Slack 0.9 GiB`; null where nobody holds much, or it is not known */
export function holderWords(holders: MemoryHolders, place: FitAdvice['place']): string | null {
  const largest = holders[place].filter(({ bytes }) => bytes >= worthNaming).slice(0, mostNamed);
  return largest.length === 0 ? null : largest.map(({ name, bytes }) => `${name} ${formatGibibytes(bytes)}`).join(', ');
}

const worthNaming = 100 * 2 ** 20;
const mostNamed = 3;

function closedWords(fit: FitEstimate): string {
  const words: Readonly<Record<FitState, string>> = {
    gpu: 'it fits the GPU',
    partial: `${fit.gpuLayers} of ${fit.layers} layers fit on the GPU`,
    cpu: 'it fits in RAM',
    tight: 'it fits, though tightly',
    none: 'it does not fit',
  };
  return `If you close other apps, ${words[fit.state]}.`;
}

function changesFor({ subject, plan, fit }: Estimated, quants: readonly OtherQuant[]): readonly AdvisedChange[] {
  const asked = {
    ...fitOptionsFor(subject.shape, plan.contextTokens),
    kvType: plan.kvType,
  };
  const change = orNull(() => cheapestChange(subject.shape, plan.machine, asked)) ?? shorterContext({ subject, plan, fit }, asked);
  const smaller = smallerQuant({ subject, plan, fit }, quants);
  return [
    ...(change === null ? [] : [optionChange(asked, change)]),
    ...(smaller === null
      ? []
      : [
          {
            words: `Take ${smaller.quant.name}`,
            outcome: outcomeWords(smaller.fit),
            contextTokens: null,
            kvType: null,
            file: smaller.quant.file,
          },
        ]),
  ];
}

/**
 * The longest of the usual contexts that fits, with room to spare where there is one: loaded another way than the one that was asked for, it may
 * lie elsewhere.
 */
function shorterContext({ subject, plan }: Estimated, asked: FitOptions): Pick<FitChange, 'options' | 'fit'> | null {
  const shorter = usualContexts.filter((tokens) => tokens < asked.contextTokens);
  const tried = shorter.flatMap((contextTokens) => {
    const fit = fitOf(subject, { ...plan, contextTokens });
    return fit === null ? [] : [{ options: { ...asked, contextTokens }, fit }];
  });
  return tried.find(({ fit }) => hasRoom(fit)) ?? tried.find(({ fit }) => fit.state === 'tight') ?? null;
}

/** Longest first; less holds no conversation. */
const usualContexts = [131_072, 65_536, 32_768, 16_384, 8192, 4096, 2048];

function optionChange(
  asked: { readonly contextTokens: number; readonly kvType: KvType },
  { options, fit }: Pick<FitChange, 'options' | 'fit'>,
): AdvisedChange {
  const contextTokens = options.contextTokens === asked.contextTokens ? null : options.contextTokens;
  const kvType = options.kvType === asked.kvType ? null : options.kvType;
  const parts = [
    contextTokens === null ? null : `${formatCount(contextTokens)} context`,
    kvType === null ? null : `a ${kvType} KV cache`,
  ].filter((part) => part !== null);
  return { words: `Use ${parts.join(' and ')}`, outcome: outcomeWords(fit), contextTokens, kvType, file: null };
}

/** The largest of the smaller quants that fits as it is asked for. */
function smallerQuant(
  { subject, plan }: Estimated,
  quants: readonly OtherQuant[],
): { readonly quant: OtherQuant; readonly fit: FitEstimate } | null {
  const own = subject.shape.tensors.reduce((sum, tensor) => sum + tensor.bytes * (tensor.layers?.length ?? 1), 0);
  for (const quant of quants.filter(({ sizeBytes }) => sizeBytes < own).toSorted((a, b) => b.sizeBytes - a.sizeBytes)) {
    const shape = orNull(() => withWeightBytes(subject.shape, quant.sizeBytes));
    const fit = shape === null ? null : fitOf({ shape }, plan);
    if (fit !== null && hasRoom(fit)) return { quant, fit };
  }
  return null;
}

function outcomeWords(fit: FitEstimate): string {
  return `${fitWords(fit).words}, ${formatGibibytes(fit.bytes.total)}`;
}

function problemWords(fit: FitEstimate, machine: FitMachine): string {
  const { need, free, name } = shortest(fit, machine);
  if (fit.state === 'none') {
    // What fits nowhere is drawn in RAM alone: the GPU is not forgotten, it is too small.
    const isLeftOut = machine.gpu !== null && !machine.gpu.unified && fit.bytes.gpu === 0;
    return `It needs ${formatGibibytes(need)}${name} and ${formatGibibytes(free)} is free.${isLeftOut ? ' The GPU cannot take enough of it.' : ''}`;
  }
  return `It fits with ${formatGibibytes(Math.max(0, free - need))}${name} to spare, and other apps may take more.`;
}

interface Shortest {
  readonly place: FitAdvice['place'];
  readonly name: string;
  readonly need: number;
  readonly free: number;
}

/** The memory with least to spare. */
function shortest({ bytes }: FitEstimate, { gpu, ramAvailableBytes }: FitMachine): Shortest {
  if (gpu?.unified === true) return { place: 'ram', name: '', need: bytes.gpu + bytes.ram, free: ramAvailableBytes };
  const ram: Shortest = { place: 'ram', name: ' of RAM', need: bytes.ram, free: ramAvailableBytes };
  if (gpu === null || bytes.gpu === 0) return ram;
  const onGpu: Shortest = { place: 'gpu', name: ' of GPU memory', need: bytes.gpu, free: gpu.freeBytes };
  return onGpu.free - onGpu.need < ram.free - ram.need ? onGpu : ram;
}
