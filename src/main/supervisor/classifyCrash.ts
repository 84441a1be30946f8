import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { RunnerExit } from './runnerProcess.ts';

/** What a runner was doing when it ended. */
export type RunnerActivity = 'starting' | 'idle' | 'loading' | 'generating' | 'measuring' | 'inspecting';

export interface CrashFacts {
  readonly key: string;
  readonly exit: RunnerExit;
  readonly activity: RunnerActivity;
  /** Last lines of stdout and stderr. */
  readonly output: readonly string[];
  /** Whether the kernel has killed a process for want of memory while this one lived; false where it does not tell. */
  readonly sawMemoryKill?: boolean;
}

/** Texts of llama.cpp, ggml, V8 and the GPU drivers, read in their sources or seen with broken files (2026-11). */
const outOfMemory =
  /out of memory|bad_alloc|failed to allocate|unable to allocate|ErrorOutOf(Device|Host)Memory|JavaScript heap|Zone Allocation|cudaMalloc failed/i;
/** A tensor of the cache, or a weight, that is larger than the GPU takes in one buffer (Vulkan, llama.cpp v0.5.0). */
const tooLargeForGpu = /pre-allocated tensor \(.{1,100}\) in a buffer \(.{1,100}\) that cannot run the operation/;
/** Failures only: a driver that merely names its device in a warning has not failed. */
const driver =
  /CUDA error|ggml_cuda_error|vk::\w*Error|vk::[\w:]+: Error|ErrorDeviceLost|ErrorInitializationFailed|libcuda\S*: cannot|no CUDA-capable device|ggml_metal_\w+: error|MTLCommandBuffer/i;
const architecture = /unknown model architecture|unsupported (model )?architecture/i;
/** The process checked itself or the machine stopped it: what a bad file does. 128 + n is how a shell reports signal n. */
const selfInflicted: ReadonlySet<string> = new Set(['SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGFPE', 'SIGTRAP']);
const signalOfCode: Readonly<Record<number, string>> = {
  132: 'SIGILL',
  133: 'SIGTRAP',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
};

/**
 * What the end of a runner most likely means. Pure: the same facts give the same error.
 * @returns an error whose data holds the exit code or signal, the model's key and the last lines of output.
 */
export function classifyCrash(facts: CrashFacts): RpcError {
  const { exit, activity, output } = facts;
  const signal = exit.signal ?? (exit.code === null ? null : (signalOfCode[exit.code] ?? null));
  const said = output.join('\n');
  const make = (code: string, message: string, hint: string): RpcError =>
    new RpcError(code, message, { hint, data: { key: facts.key, exitCode: exit.code, signal: exit.signal, activity, output } });

  if (outOfMemory.test(said)) {
    return make(
      modelErrors.outOfMemory,
      'The model ran out of memory and was stopped.',
      'Use a smaller context, a smaller quant, or close other programs.',
    );
  }
  if (tooLargeForGpu.test(said)) {
    return make(
      modelErrors.outOfMemory,
      'A part of the model’s memory is larger than this GPU can hold in one piece.',
      'Use a smaller context, or fewer layers on the GPU.',
    );
  }
  if (driver.test(said)) {
    return make(
      modelErrors.driver,
      'The GPU driver failed while the model was running.',
      'Update the driver, or switch the GPU off in the settings.',
    );
  }
  if (architecture.test(said)) {
    return make(
      modelErrors.unsupportedArchitecture,
      'This build of llama.cpp does not know the architecture of this model.',
      'A newer Rightsize may know it.',
    );
  }
  if (signal === 'SIGBUS') {
    return make(
      modelErrors.fileChanged,
      'The model file was changed or cut short while it was loaded.',
      'Check the file, then load the model again.',
    );
  }
  if (signal === 'SIGKILL' && facts.sawMemoryKill) {
    return make(
      modelErrors.outOfMemory,
      'Memory ran out, and the system stopped the model’s process.',
      'Use a smaller context, a smaller quant, or close other programs.',
    );
  }
  // Systems with a watcher of their own kill without the kernel's count, and nobody else kills a process that is taking gigabytes.
  if (signal === 'SIGKILL' && activity === 'loading') {
    return make(
      modelErrors.outOfMemory,
      'The system stopped the model’s process while it loaded, most often because memory runs out.',
      'Use a smaller context, a smaller quant, or close other programs.',
    );
  }
  if (signal === 'SIGKILL') {
    return make(
      modelErrors.runnerCrashed,
      'The system killed the model’s process, most often because memory ran out.',
      'Close other programs or choose a smaller model, then try again.',
    );
  }
  const isModelsFault = (signal !== null && selfInflicted.has(signal)) || /GGML_ASSERT|terminate called|invalid size error/.test(said);
  if (isModelsFault && activity === 'loading') {
    return make(
      modelErrors.invalid,
      'The engine gave up on this file: it is damaged or not a model it can run.',
      'Get the file again, or another quant of it.',
    );
  }
  if (activity === 'starting') {
    return make(
      modelErrors.runnerCrashed,
      'The process that runs models could not start.',
      'Run “doctor” to see what is missing, or install Rightsize again.',
    );
  }
  return make(
    modelErrors.runnerCrashed,
    `The model’s process ended unexpectedly (${describeExit(exit)}).`,
    'Try again. If it happens once more, try another quant of the model.',
  );
}

function describeExit(exit: RunnerExit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : exit.signal;
}
