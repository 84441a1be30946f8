import type { LlamaLogLevel } from 'node-llama-cpp';
import { architectureOf } from '#core/fit/architectures.ts';
import { isRepackable } from '#core/fit/deviceRules.ts';
import { type GgufHeader, type GgufTensor, numberIn, textIn } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import { listTensorTypes } from '#core/gguf/tensorTypes.ts';
import { type EngineBytes, type EngineShare, fitErrors, type Placement } from '#shared/contract/fit.ts';
import type { SimulateRequest } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { isRamBuffer } from './isRamBuffer.ts';

/**
 * The bindings below the library's estimates. Those fall back to other formulas without a word when the dry run fails; a number from here is
 * the engine's or none. They are internal, so the version is pinned and a test compares them with real loads.
 */
interface SimulationBindings {
  readonly AddonGgufMetadata: new () => { init(source: readonly Buffer[]): Promise<void>; dispose(): Promise<void> };
  readonly AddonModel: new (path: string, params: object) => Simulated & { init(source: unknown): Promise<boolean> };
  readonly AddonContext: new (model: unknown, params: object) => Simulated & { init(): Promise<boolean> };
}

interface Simulated {
  getMemoryBreakdown(): { readonly cpuRam: number; readonly gpuVram: number };
  dispose(): Promise<void>;
}

interface OpenEngine {
  readonly bindings: SimulationBindings;
  /** What the engine printed since it was last asked. */
  takeLines(): Promise<readonly string[]>;
}

type Backend = SimulateRequest['backend'];
const opened = new Map<Backend, Promise<OpenEngine>>();

/**
 * Asks the engine what a model would reserve, by its own allocation-free load of a bare header, with the numbers that `loadEngine` would hand
 * it. Nothing of the size of the model is allocated. The sums of each device are the engine's, to the byte; how a context's sum divides into
 * cache and working space is from its log, which rounds to a hundredth of a MiB.
 * @throws {RpcError} simulation-failed
 */
export async function simulate(request: SimulateRequest): Promise<EngineBytes> {
  const bytes = Buffer.from(request.header, 'base64');
  const header = await readHeader(bytes);
  const settings = contextSettings(header, request.placement);
  const { bindings, takeLines } = await openEngine(request.backend);
  await using undo = new AsyncDisposableStack();
  const owned = <T extends { dispose(): Promise<void> }>(one: T): T => {
    undo.defer(() => one.dispose());
    return one;
  };
  try {
    const metadata = owned(new bindings.AddonGgufMetadata());
    await metadata.init([bytes]);
    const { gpuLayers } = request.placement;
    const model = owned(new bindings.AddonModel('', { gpuLayers, noAlloc: true, useMmap: false, useMlock: false }));
    if (!(await model.init(metadata))) throw new Error('Failed to load model');
    const context = owned(new bindings.AddonContext(model, settings));
    if (!(await context.init())) throw new Error('Failed to create context');
    const weights = model.getMemoryBreakdown();
    const working = context.getMemoryBreakdown();
    const compute = computeBytes(await takeLines());
    return {
      backend: request.backend,
      placement: request.placement,
      gpu: shareOf({ weights: weights.gpuVram, working: working.gpuVram, compute: compute.gpu }),
      ram: shareOf({
        weights: weights.cpuRam + pinnedExtra(request.backend, weights.cpuRam) + rearrangedCopy(request.backend, header),
        working: working.cpuRam + pinnedExtra(request.backend, compute.ram),
        compute: compute.ram,
      }),
    };
  } catch (error) {
    throw refused(error, await takeLines());
  }
}

/** The engine of a backend is opened once a process: with a GPU that alone may take a second. */
function openEngine(backend: Backend): Promise<OpenEngine> {
  const known = opened.get(backend) ?? open(backend);
  opened.set(backend, known);
  return known;
}

async function open(backend: Backend): Promise<OpenEngine> {
  const lines: string[] = [];
  const noDevice = (cause?: unknown): RpcError =>
    new RpcError(fitErrors.simulationFailed, `The engine finds no ${backend} device on this machine.`, { cause });
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({
    gpu: backend === 'cpu' ? false : backend,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: 1,
    logLevel: LlamaLogLevel.info,
    logger: (_level: LlamaLogLevel, message: string) => void lines.push(message.trimEnd()),
  }).catch((error: unknown) => {
    throw backend === 'cpu' ? error : noDevice(error);
  });
  if (backend !== 'cpu' && (llama.gpu !== backend || (await llama.getGpuDeviceNames()).length === 0)) throw noDevice();
  return {
    bindings: (llama as unknown as { readonly _bindings: SimulationBindings })._bindings,
    async takeLines() {
      // Log messages are delivered a moment after the call they belong to.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      return lines.splice(0);
    },
  };
}

async function readHeader(bytes: Buffer): Promise<GgufHeader> {
  const reading = await readGgufHeader({
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  });
  if (reading.ok) return reading.header;
  throw new RpcError(fitErrors.simulationFailed, `The header for the dry run cannot be read: ${reading.message}`);
}

const typeNumbers = new Map(listTensorTypes().map(([id, { name }]) => [name.toLowerCase(), id]));
/** `contextSizePad` of the library. */
const contextStep = 256;

/**
 * What the library makes of our numbers on their way to the engine: contexts in steps of 256, each sequence with cells of its own, and one
 * token more a batch for sliding windows. `LlamaContext.js` and `GgufInsights.swaSize` of node-llama-cpp 3.22.1, read 2026-11-21.
 */
function contextSettings(header: GgufHeader, placement: Placement): object {
  const architecture = textIn(header, 'general.architecture') ?? '';
  const trained = numberIn(header, `${architecture}.context_length`);
  const window = numberIn(header, `${architecture}.attention.sliding_window`) ?? 0;
  const padded = roundUp(Math.max(2, placement.contextTokens));
  const isWithin = trained !== null && placement.contextTokens <= trained && padded < trained;
  const slides = window > 0 && !(trained !== null && window >= trained);
  const type = typeNumbers.get(placement.kvType);
  return {
    contextSize: roundUp((isWithin ? padded : placement.contextTokens) * placement.sequences),
    batchSize: Math.max(placement.batchTokens, placement.sequences) + (slides ? 1 : 0),
    sequences: placement.sequences,
    flashAttention: placement.flashAttention,
    kvCacheKeyType: type,
    kvCacheValueType: type,
    swaFullCache: false,
    threads: 1,
  };
}

function roundUp(tokens: number): number {
  return Math.ceil(tokens / contextStep) * contextStep;
}

/** `sched_reserve:    Vulkan0 compute buffer size =    23.38 MiB`; the last line of a device counts. */
function computeBytes(lines: readonly string[]): { readonly gpu: number; readonly ram: number } {
  const sizes = new Map<string, number>();
  for (const line of lines) {
    const [, name, size] = /(\S+) +compute buffer size = +([\d.]+) MiB/.exec(line) ?? [];
    if (name !== undefined) sizes.set(name, Math.round(Number(size) * 2 ** 20));
  }
  let gpu = 0;
  let ram = 0;
  for (const [name, bytes] of sizes) {
    if (isRamBuffer(name)) ram += bytes;
    else gpu += bytes;
  }
  return { gpu, ram };
}

/**
 * Vulkan makes each buffer of pinned RAM 32 bytes larger than it was asked for, which shows only where it is really made: one for the weights,
 * one for working space, each of at most 1 GiB. `ggml_backend_vk_host_buffer_type_alloc_buffer` of llama.cpp v0.5.0, read 2026-11-21.
 */
function pinnedExtra(backend: Backend, bytes: number): number {
  return backend === 'vulkan' ? 32 * Math.ceil(bytes / 2 ** 30) : 0;
}

/**
 * An embedding that is the output matrix too, and that the processor's kernels want rearranged, is held twice: as it is and rearranged. A dry run
 * from a header alone counts it once (real loads of four types, node-llama-cpp 3.22.1, 2026-11-21).
 */
function rearrangedCopy(backend: Backend, header: GgufHeader): number {
  const named = (name: string): GgufTensor | undefined => header.tensors.find((tensor) => tensor.name === name);
  const embedding = named('token_embd.weight');
  const isTied = embedding !== undefined && named('output.weight') === undefined;
  if (backend !== 'cpu' || !isTied || architectureOf(textIn(header, 'general.architecture') ?? '').features.includes('output-first'))
    return 0;
  return isRepackable({ ...embedding, shape: embedding.dimensions }) ? embedding.bytes : 0;
}

/** Half of the last digit of the log, for each of two buffers. */
const roundingBytes = 0.01 * 2 ** 20;

function shareOf(of: { readonly weights: number; readonly working: number; readonly compute: number }): EngineShare {
  const cache = of.working - of.compute;
  const kvAndState = cache <= roundingBytes ? 0 : cache;
  return { weights: of.weights, kvAndState, compute: of.working - kvAndState };
}

/** The engine says why only in its log. */
function refused(error: unknown, lines: readonly string[]): RpcError {
  const said = lines.findLast((line) => /error|unknown|invalid|missing|wrong|not found|requires/i.test(line));
  const words = (said ?? (error instanceof Error ? error.message : 'no reason given'))
    .replace(/^.*error loading model( \w+)?: |^\w+: /, '')
    .slice(0, 200);
  return new RpcError(fitErrors.simulationFailed, `The engine refused to plan this model: ${words}`, { cause: error });
}
