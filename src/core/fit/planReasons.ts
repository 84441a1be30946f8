import { formatCount, formatGibibytes } from '../units.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from './fitTypes.ts';
import { deviceCountOf } from './overhead.ts';
import type { LoadWish, PlannedLoad } from './planLoad.ts';
import { hasRoom, isWideCache } from './smallerOptions.ts';

type Plan = Omit<PlannedLoad, 'reasons'>;

/** A way to load and what it takes. */
interface Considered {
  readonly options: FitOptions;
  readonly fit: FitEstimate;
}

/**
 * Says why a model is loaded the way it is, in sentences for people who know their laptop and not the engine.
 * @param of.usual what would have been loaded with memory to spare
 */
export function reasonsFor(of: {
  readonly shape: FitShape;
  readonly machine: FitMachine;
  readonly wish: LoadWish;
  readonly usual: Considered;
  readonly plan: Plan;
}): readonly string[] {
  const { machine, wish, plan } = of;
  const placement = placementWords(machine, plan, wish.gpuLayers);
  const room = roomWords(machine, plan.fit);
  const first = plan.fit.state === 'none' && room ? [room, placement] : [placement, ...(room ? [room] : [])];
  return [...first, ...changeWords(of), ...sequenceWords(wish, plan)];
}

/** Of a load that was to answer several at once. */
function sequenceWords({ sequences, wishedSequences }: LoadWish, { options }: Plan): readonly string[] {
  const wished = wishedSequences ?? 1;
  if (sequences != null || wished === 1) return [];
  const given =
    options.sequences === 1
      ? 'One request is answered at a time'
      : `Up to ${formatCount(options.sequences)} requests are answered side by side`;
  if (options.sequences === wished) return [`${given}, each with a context of its own.`];
  return [`${given} instead of ${formatCount(wished)}: there is no memory to spare for more contexts.`];
}

/** The same for what is tried after a load that ran out of memory. */
export function reasonsForNext(of: { readonly machine: FitMachine; readonly failed: Plan; readonly plan: Plan }): readonly string[] {
  const { machine, failed, plan } = of;
  const { gpuLayers, layers } = plan.fit;
  const onGpu = gpuLayers >= layers ? `All ${formatCount(layers)}` : `${formatCount(gpuLayers)} of ${formatCount(layers)}`;
  const placement = gpuLayers === 0 ? 'It runs on the processor alone.' : `${onGpu} layers are on the ${gpuName(machine)}.`;
  return [`${changeAfter(failed, plan)}, because the last try ran out of memory.`, placement];
}

function changeAfter(failed: Plan, plan: Plan): string {
  if (failed.options.sequences > plan.options.sequences) return 'One request is answered at a time';
  if (failed.options.kvType !== plan.options.kvType) return 'The cache is kept in 8 bits';
  if (failed.options.contextTokens !== plan.options.contextTokens) {
    return `The context is ${formatCount(plan.options.contextTokens)} instead of ${formatCount(failed.options.contextTokens)} tokens`;
  }
  if (plan.options.gpuLayers === 0) return 'Nothing is put on the GPU';
  return `${formatCount(plan.options.gpuLayers)} instead of ${formatCount(failed.options.gpuLayers)} layers are on the GPU`;
}

function placementWords(machine: FitMachine, { fit, options }: Plan, askedLayers: number | null): string {
  const gpu = gpuName(machine);
  const layers = formatCount(fit.layers);
  const rest = fit.gpuLayers < fit.layers ? '; the rest runs on the processor' : '';
  if (fit.gpuLayers === 0) return processorWords(machine, askedLayers);
  if (askedLayers !== null) return `${formatCount(fit.gpuLayers)} of ${layers} layers are on the ${gpu}, as asked${rest}.`;
  const verb = hasRoom({ state: fit.state }) ? 'fit' : 'are';
  return fit.gpuLayers >= fit.layers
    ? `All ${layers} layers ${verb} on the ${gpu}.`
    : `${formatCount(options.gpuLayers)} of ${layers} layers ${verb} on the ${gpu}${rest}.`;
}

function processorWords(machine: FitMachine, askedLayers: number | null): string {
  if (askedLayers === 0) return machine.gpu ? 'It runs on the processor alone, as asked.' : 'It runs on the processor.';
  if (askedLayers !== null) return 'It runs on the processor: no GPU was found for the layers that were asked for.';
  if (!machine.gpu) return 'It runs on the processor.';
  const has = deviceCountOf(machine) > 1 ? 'have' : 'has';
  return `It runs on the processor: the ${gpuName(machine)} ${has} too little free memory for it (${formatGibibytes(Math.max(machine.gpu.freeBytes, 0))}).`;
}

function gpuName(machine: FitMachine): string {
  const devices = deviceCountOf(machine);
  return devices > 1 ? `${devices} GPUs` : 'GPU';
}

/** Of the device that is short. */
function roomWords(machine: FitMachine, fit: FitEstimate): string | null {
  if (hasRoom(fit)) return null;
  const { name, needBytes, freeBytes } = shortestDevice(machine, fit);
  const need = formatGibibytes(needBytes);
  const free = formatGibibytes(Math.max(freeBytes, 0));
  if (fit.state === 'tight') return `It fits only just: it needs ${need} of ${name}, and ${free} is free. Closing other apps helps.`;
  return `It may not fit: it needs ${need} of ${name}, and ${free} is free. Closing other apps or a smaller model helps.`;
}

function changeWords(of: {
  readonly shape: FitShape;
  readonly machine: FitMachine;
  readonly wish: LoadWish;
  readonly usual: Considered;
  readonly plan: Plan;
}): readonly string[] {
  const { shape, machine, wish, usual, plan } = of;
  const context = formatCount(plan.options.contextTokens);
  const words: string[] = [];
  const isNarrowed = isWideCache(usual.options.kvType) && !isWideCache(plan.options.kvType);
  const isShortened = plan.options.contextTokens < usual.options.contextTokens;
  const why = (what: string): string => `${what} would ${shortageWords(machine, usual.fit)}`;
  if (isShortened) words.push(`The context is ${context} tokens: ${why(formatCount(usual.options.contextTokens))}.`);
  if (isNarrowed) words.push(`The cache is kept in 8 bits${isShortened ? ' for the same reason.' : `: in 16 bits it ${why('').trim()}.`}`);
  const trained = shape.hyperparameters.context_length;
  if (!isShortened && wish.contextTokens === null && typeof trained === 'number' && trained < wish.usualContextTokens) {
    words.push(`The context is ${context} tokens, as long as the model was trained for.`);
  }
  return words;
}

/** What was wrong with a way to load that had no room. */
function shortageWords(machine: FitMachine, fit: FitEstimate): string {
  const { needBytes, freeBytes, name } = shortestDevice(machine, fit);
  const over = needBytes - freeBytes;
  return over > 0 ? `need ${formatGibibytes(over)} more than is free` : `leave only ${formatGibibytes(-over)} of ${name} free`;
}

function shortestDevice(
  { gpu, ramAvailableBytes }: FitMachine,
  { bytes }: FitEstimate,
): { readonly name: string; readonly needBytes: number; readonly freeBytes: number } {
  const ram = {
    name: 'memory',
    needBytes: bytes.ram + (bytes.untouched ?? 0) + (gpu?.unified ? bytes.gpu : 0),
    freeBytes: ramAvailableBytes,
  };
  if (!gpu || bytes.gpu === 0) return ram;
  const onGpu = { name: 'GPU memory', needBytes: bytes.gpu, freeBytes: gpu.freeBytes };
  return onGpu.freeBytes - onGpu.needBytes <= ram.freeBytes - ram.needBytes ? onGpu : ram;
}
