import { Command, Option } from 'commander';
import { adviseFit, type FitAdvice } from '#core/fit/adviseFit.ts';
import { checkFitInput, FitInputError, type FitProblem } from '#core/fit/checkFitInput.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape, KvType } from '#core/fit/fitTypes.ts';
import { modelFactsOf } from '#core/fit/modelFacts.ts';
import { type NamedShape, withNameRange } from '#core/fit/reference/shapeFromName.ts';
import { formatCount, formatGibibytes, missing } from '#core/units.ts';
import { fitErrors } from '#shared/contract/fit.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { integerFrom, positiveInteger, wholeNumber } from '../optionValues.ts';
import { renderTable } from '../table.ts';
import { type DryRunFit, type DryRunQuestion, dryRunFit, whyNoDryRun } from './fitDryRun.ts';
import { fitDevices, type MachineOptions, memorySize, readFitMachine } from './fitMachine.ts';
import { readFitTarget } from './fitTarget.ts';

const kvTypes: readonly KvType[] = ['f32', 'f16', 'bf16', 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'q4_0', 'iq4_nl'];
const usualContextTokens = 8192;

interface FitCommandOptions extends MachineOptions {
  readonly ctx?: number;
  readonly kv: KvType;
  readonly flash: 'on' | 'off';
  readonly batch?: number;
  readonly gpuLayers?: number;
  readonly expertsInRam: number;
  readonly tier?: 't0' | 't1';
}

/** `fit TARGET`: where a model's bytes would go, on this machine or a described one, before anything is loaded. */
export function fitCommand(context: CommandContext): Command {
  return new Command('fit')
    .description('tell where the memory of a model goes, on this machine or another')
    .argument('<target>', 'a GGUF file, a model of the library, publisher/repo:quant, an address of the hub, or a name with size and quant')
    .option('--ctx <tokens>', 'context; 8192 or what the model takes', integerFrom(1, 2 ** 31 - 1))
    .addOption(new Option('--kv <type>', 'type of the KV cache').choices(kvTypes).default('f16'))
    .addOption(new Option('--flash <switch>', 'flash attention').choices(['on', 'off']).default('on'))
    .option('--batch <tokens>', 'micro-batch; 512 on a GPU, 128 on a CPU', positiveInteger)
    .addOption(new Option('--device <backend>', 'device to plan for; what this machine has').choices(fitDevices))
    .option('--ram <size>', 'memory to plan for, such as 16GiB; what is free here', memorySize)
    .option('--vram <size>', 'GPU memory to plan for, such as 12GiB; what is free here', memorySize)
    .option('--gpu-layers <n>', 'layers on the GPU, output layer counted; as many as fit', wholeNumber)
    .option('--experts-in-ram <n>', 'layers whose experts stay in RAM', wholeNumber, 0)
    .addOption(
      new Option('--tier <tier>', 't0: computed; t1: the engine’s own dry run on this machine; t1 where it can be').choices(['t0', 't1']),
    )
    .action(async (target: string, options: FitCommandOptions) => {
      const { shape, name, named } = await readFitTarget(context, target);
      const fitOptions = optionsFor(shape, options);
      const check = checkFitInput(shape, fitOptions);
      if (!check.ok) throw refusal(check);
      const machine = await readFitMachine(context, options);
      const advice = advised(shape, machine, fitOptions);
      const computed = advice.now;
      const dryRun = await askEngine(context, {
        question: { shape, machine, options: fitOptions, computed },
        options,
        isNamed: named !== null,
      });
      const estimate = 'fit' in dryRun ? dryRun.fit : computed;
      const fit = named === null ? estimate : withNameRange(estimate, named);
      const notes = notesOn({ shape, machine, options: fitOptions });
      context.output.document({
        ...fit,
        tokensPerSecond: fit.state === 'none' ? null : fit.tokensPerSecond,
        advice: {
          ifOthersClosed: advice.ifOthersClosed && { state: advice.ifOthersClosed.state, gpuLayers: advice.ifOthersClosed.gpuLayers },
          change: advice.change && {
            words: advice.change.words,
            contextTokens: advice.change.options.contextTokens,
            kvType: advice.change.options.kvType,
            savedBytes: advice.change.savedBytes,
          },
        },
        contextTokens: fitOptions.contextTokens,
        kvType: fitOptions.kvType,
        source: named === null ? 'header' : 'name',
        tier: 'fit' in dryRun ? 't1' : 't0',
        notes,
      });
      if (!context.output.json) context.output.text(fitText({ fit, machine, options: fitOptions, name, named, dryRun, advice, notes }));
    });
}

/** The engine's own word where it can be had, unless the computed figures are asked for. */
async function askEngine(
  context: CommandContext,
  of: { readonly question: DryRunQuestion; readonly options: FitCommandOptions; readonly isNamed: boolean },
): Promise<DryRunFit> {
  const { question, options, isNamed } = of;
  if (options.tier === 't0') return { reason: null };
  const reason = whyNoDryRun({ stated: options, options: question.options, isNamed });
  if (reason !== null && options.tier === 't1') {
    throw new RpcError(systemErrors.usage, `A dry run cannot be made: ${reason}.`, {
      hint: 'Leave out --tier: the figures are computed then.',
    });
  }
  const answer: DryRunFit = reason === null ? await dryRunFit(context, question) : { reason };
  if (options.tier !== 't1' || 'fit' in answer) return answer;
  throw new RpcError(fitErrors.simulationFailed, answer.reason ?? 'The engine’s dry run gave no answer.', {
    hint: 'Leave out --tier: the figures are computed then.',
  });
}

/** What it takes now and what would help. A header can also turn out to contradict itself on the way. */
function advised(shape: FitShape, machine: FitMachine, options: FitOptions): FitAdvice {
  try {
    return adviseFit(shape, machine, options);
  } catch (error) {
    if (error instanceof FitInputError) throw refusal({ code: error.code, reason: error.message });
    throw error;
  }
}

function refusal({ code, reason }: FitProblem): RpcError {
  return code === 'fit-options-invalid'
    ? new RpcError(systemErrors.usage, reason, { hint: 'Change that option, or leave it out: then it is chosen for the model.' })
    : new RpcError(modelErrors.invalid, reason, { hint: 'rightsize inspect shows what the header says.' });
}

function optionsFor(shape: FitShape, options: FitCommandOptions): FitOptions {
  const trained = shape.hyperparameters.context_length;
  const usual = typeof trained === 'number' && trained > 0 ? Math.min(trained, usualContextTokens) : usualContextTokens;
  return {
    contextTokens: options.ctx ?? usual,
    kvType: options.kv,
    flashAttention: options.flash === 'on',
    batchTokens: options.batch ?? null,
    gpuLayers: options.gpuLayers ?? null,
    expertsInRamLayers: options.expertsInRam,
    sequences: 1,
  };
}

/** What was asked for and changes nothing here. */
function notesOn(of: { readonly shape: FitShape; readonly machine: FitMachine; readonly options: FitOptions }): readonly string[] {
  const { machine, options } = of;
  const { gpuLayers, expertsInRamLayers } = options;
  const isOnCpu = machine.gpu === null || gpuLayers === 0;
  const hasExperts = modelFactsOf(of.shape).experts > 0;
  return [
    ...(machine.gpu === null && (gpuLayers ?? 0) > 0 ? ['There is no GPU to put layers on: --gpu-layers changes nothing.'] : []),
    ...(expertsInRamLayers > 0 && !hasExperts ? ['This model has no experts: --experts-in-ram changes nothing.'] : []),
    ...(expertsInRamLayers > 0 && hasExperts && isOnCpu ? ['Without a GPU all of it is in RAM: --experts-in-ram changes nothing.'] : []),
  ];
}

interface Answer {
  readonly fit: FitEstimate;
  readonly machine: FitMachine;
  readonly options: FitOptions;
  readonly name: string;
  readonly named: NamedShape | null;
  readonly dryRun: DryRunFit;
  readonly advice: FitAdvice;
  readonly notes: readonly string[];
}

function fitText({ fit, machine, options, name, named, dryRun, advice, notes }: Answer): string {
  const gpuFree = machine.gpu ? `, of ${formatGibibytes(machine.gpu.freeBytes)} free` : '';
  const lines = [
    `${name.replace(/\p{Cc}+/gu, ' ')} at ${formatCount(options.contextTokens)} tokens: ${stateWords(fit, options)}`,
    ...notes,
    ...(fit.bytes.gpu > 0 ? [`GPU    ${formatGibibytes(fit.bytes.gpu)}${gpuFree}`] : []),
    `RAM    ${formatGibibytes(fit.bytes.ram)}, of ${formatGibibytes(machine.ramAvailableBytes)} free`,
    ...adviceWords(advice, options),
    `Context that still fits: ${fit.maxContext === null ? 'none' : `${formatCount(fit.maxContext)} tokens`}`,
    `Speed: ${speedWords(fit)}`,
    ...(fit.isExact
      ? []
      : [
          `${named === null ? 'This architecture is not known: the weights are exact, all in all it' : `${evidenceWords(named)} It`} may be ${formatGibibytes(fit.range.low)} to ${formatGibibytes(fit.range.high)}${mayExceed(fit, machine) ? ', more than is free' : ''}.`,
        ]),
  ];
  const table = renderTable(fit.buffers, [
    { title: 'Where', text: (buffer) => deviceWords[buffer.device] },
    { title: 'Weights', align: 'right', text: (buffer) => formatGibibytes(buffer.weights) },
    { title: 'Cache', align: 'right', text: (buffer) => formatGibibytes(buffer.kvAndState) },
    { title: 'Working space', align: 'right', text: (buffer) => formatGibibytes(buffer.compute) },
  ]);
  return `${lines.join('\n')}\n\n${table}Overhead of process and driver: ${formatGibibytes(fit.bytes.overhead)}\n${tierWords(dryRun)}\n`;
}

/** Whether what is uncertain decides: it is said to fit, and at the most would not. */
function mayExceed({ state, range, bytes }: FitEstimate, { gpu, ramAvailableBytes }: FitMachine): boolean {
  const isShared = gpu?.unified === true || bytes.gpu === 0;
  return state !== 'none' && range.high > ramAvailableBytes + (isShared ? 0 : (gpu?.freeBytes ?? 0));
}

function adviceWords({ ifOthersClosed, change }: FitAdvice, options: FitOptions): readonly string[] {
  return [
    ...(ifOthersClosed ? [`If you close other apps: ${stateWords(ifOthersClosed, options)}`] : []),
    ...(change ? [change.words] : []),
  ];
}

function tierWords(dryRun: DryRunFit): string {
  if ('fit' in dryRun) return 'By the engine’s own dry run on this machine.';
  return dryRun.reason === null ? 'Computed.' : `Computed: ${dryRun.reason.replace(/\.$/, '')}.`;
}

function evidenceWords({ reference, evidence }: NamedShape): string {
  switch (evidence) {
    case 'same-model':
      return `No file was read: this is what ${reference} takes as llama.cpp quantises it.`;
    case 'same-family':
      return `No file was read: this is ${reference}, scaled to the size in the name.`;
    case 'same-size':
      return `No file was read, and nothing of this family is known: this is ${reference}, scaled to the size in the name.`;
  }
}

const deviceWords = { gpu: 'GPU', host: 'RAM, pinned', cpu: 'RAM' } as const;

function stateWords(fit: FitEstimate, { expertsInRamLayers }: FitOptions): string {
  switch (fit.state) {
    case 'gpu':
      return 'fits the GPU.';
    case 'partial':
      return fit.gpuLayers === fit.layers
        ? `fits with all layers on the GPU but the experts of ${Math.min(expertsInRamLayers, fit.layers - 1)}.`
        : `fits with ${fit.gpuLayers} of ${fit.layers} layers on the GPU.`;
    case 'cpu':
      return 'fits in RAM.';
    case 'tight':
      return 'tight: it fits only while nothing else takes memory. Close other apps.';
    case 'none':
      return "won't fit.";
  }
}

function speedWords({ tokensPerSecond, state }: FitEstimate): string {
  if (state === 'none') return `${missing} (it would not load)`;
  if (tokensPerSecond === null) return `${missing} (the memory bandwidth is not known)`;
  const { low, high, basis } = tokensPerSecond;
  return `${low.toFixed(low < 10 ? 1 : 0)} to ${high.toFixed(high < 10 ? 1 : 0)} tok/s, ${basis}`;
}
