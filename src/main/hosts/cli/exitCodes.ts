import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import { chatErrors } from '#shared/contract/chat.ts';
import { endpointErrors } from '#shared/contract/endpoints.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { pipeErrors, type RpcErrorData } from '#shared/rpc/rpcError.ts';

/** What the command line answers with: product contract, section 3. */
export const exitCodes = { done: 0, failed: 1, usage: 2, barMissed: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Codes that blame what was typed or the file that was named, and not this machine. */
const badInput: ReadonlySet<string> = new Set([
  systemErrors.usage,
  pipeErrors.badInput,
  benchmarkErrors.suiteNotFound,
  benchmarkErrors.runNotFound,
  benchmarkErrors.nothingToRun,
  benchmarkErrors.datasetUnreadable,
  benchmarkErrors.datasetInvalid,
  modelErrors.notFound,
  modelErrors.ambiguous,
  modelErrors.notGguf,
  modelErrors.truncated,
  modelErrors.invalid,
  modelErrors.unsupportedVersion,
  modelErrors.unsupportedArchitecture,
  modelErrors.shardMissing,
  modelErrors.fileMissing,
  modelErrors.folderMissing,
  modelErrors.schema,
  hubErrors.nameUnclear,
  hubErrors.quantNotFound,
  endpointErrors.notFound,
  chatErrors.noVision,
]);

/** @returns the exit code that belongs to an error. */
export function exitCodeOf(error: RpcErrorData): ExitCode {
  if (error.code === pipeErrors.cancelled) return exitCodes.interrupted;
  if (error.code === benchmarkErrors.barMissed) return exitCodes.barMissed;
  return badInput.has(error.code) ? exitCodes.usage : exitCodes.failed;
}
