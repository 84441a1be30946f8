import { basename } from 'node:path';
import { modelErrors } from '#shared/contract/models.ts';
import type { LoadRequest } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly code: string;
  readonly message: (file: string) => string;
  readonly hint: string;
}

const damaged = (file: string): string => `${file} is damaged or incomplete: the engine refused it.`;

/** First match wins. The texts are those of node-llama-cpp 3.22.1 and llama.cpp, seen with broken files. */
const rules: readonly Rule[] = [
  {
    pattern: /ENOENT|no such file/i,
    code: modelErrors.fileMissing,
    message: (file) => `${file} is not there any more.`,
    hint: 'Put the file back, or rescan the library.',
  },
  {
    pattern: /[KV] cache type \S+ with block size \d+ does not divide/,
    code: modelErrors.loadFailed,
    message: (file) =>
      `${file} cannot have a cache of this type: it packs 32 values together, and the attention heads are no multiple of that.`,
    hint: 'Choose the cache type f16.',
  },
  {
    pattern: /unknown model architecture/i,
    code: modelErrors.unsupportedArchitecture,
    message: (file) => `This build of llama.cpp does not know the architecture of ${file}.`,
    hint: 'A newer Rightsize may know it. Other quants of the same model will not help.',
  },
  {
    pattern: /Invalid GGUF magic|invalid magic/i,
    code: modelErrors.notGguf,
    message: (file) => `${file} is not a GGUF file.`,
    hint: 'Check that the download was a model and not a web page.',
  },
  {
    // The JS header reader believes lengths: an absurd one fails as an allocation, not as an offset.
    pattern: /RangeError|failed to read header|invalid data/i,
    code: modelErrors.invalid,
    message: damaged,
    hint: 'Get the file again, or another quant of it.',
  },
  {
    pattern: /not within the file bounds|unexpected end of file|failed to read/i,
    code: modelErrors.truncated,
    message: (file) => `${file} is shorter than its header says.`,
    hint: 'The download stopped early. Get the file again.',
  },
  {
    pattern:
      /InsufficientMemory|insufficient memory|out of memory|failed to allocate|unable to allocate|bad_alloc|ErrorOutOf(Device|Host)Memory|(Resource temporarily unavailable|Cannot allocate memory)$/i,
    code: modelErrors.outOfMemory,
    message: (file) => `There is not enough memory for ${file} with these settings.`,
    hint: 'Use a smaller context, a smaller quant, or close other programs.',
  },
  {
    pattern: /NoBinaryFound|CUDA error|vk::|Vulkan|ErrorDeviceLost|ggml_metal/i,
    code: modelErrors.driver,
    message: () => 'The GPU or its driver could not be used.',
    hint: 'Update the driver, or switch the GPU off in the settings.',
  },
  {
    pattern: /tensor|gguf|metadata|hyperparameters|vocab|tokenizer|key not found|invalid (argument|type)/i,
    code: modelErrors.invalid,
    message: damaged,
    hint: 'Get the file again, or another quant of it.',
  },
];

/**
 * What a failed load means.
 * @param options.log the engine's own lines: many errors are said only there.
 */
export function toLoadError(
  error: unknown,
  options: { readonly path: string; readonly backend: LoadRequest['backend']; readonly log: readonly string[] },
): RpcError {
  if (error instanceof RpcError) return error;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const file = basename(options.path);
  const rule =
    rules.find(({ pattern }) => pattern.test(said)) ??
    rules.find(({ pattern }) => options.log.some((line) => pattern.test(line) && isComplaint(line)));
  const data = { engine: said.slice(0, 500), output: options.log.filter(isComplaint).slice(-20) };
  if (rule !== undefined) return new RpcError(rule.code, rule.message(file), { hint: rule.hint, data, cause: error });
  return new RpcError(modelErrors.loadFailed, `${file} could not be loaded: ${said.slice(0, 300)}`, {
    hint: 'Try another quant of the model, or look at the log.',
    data,
    cause: error,
  });
}

/** What llama.cpp and the library throw when evaluating fails; anything else is a bug of ours and stays what it is. */
const evaluationFailed = /Eval has failed|could not find a KV slot|Failed to sample|llama_decode|Failed to free up space/i;

/** What a failed evaluation means. @returns an RpcError for the engine's own failures, otherwise the error itself. */
export function toEvaluationError(error: unknown, backend: LoadRequest['backend']): unknown {
  if (error instanceof RpcError || !(error instanceof Error) || !evaluationFailed.test(error.message)) return error;
  return new RpcError(
    backend === 'cpu' ? modelErrors.runnerCrashed : modelErrors.driver,
    `The engine failed while it answered: ${error.message}`,
    {
      hint: 'Unload the model and try again. If it happens once more, use a smaller context or another quant.',
      cause: error,
    },
  );
}

function isComplaint(line: string): boolean {
  return /error|fail|unable|invalid|unknown|not |missing|wrong/i.test(line);
}
