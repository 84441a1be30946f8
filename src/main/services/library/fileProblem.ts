import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** What is wrong with a model file, as the library shows it. */
export interface FileProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const hints: Readonly<Record<string, string>> = {
  [modelErrors.notGguf]: 'Choose a file in GGUF format. Safetensors and other formats have to be converted first.',
  [modelErrors.truncated]: 'The file is not complete: get it again, or wait until its download or copy has finished.',
  [modelErrors.invalid]: 'The file is damaged or was made wrongly: get it again, or take another quant.',
  [modelErrors.unsupportedVersion]: 'Get a newer GGUF of this model.',
  [modelErrors.unsupportedArchitecture]: 'Take another model, or update Rightsize: newer versions run more architectures.',
  [modelErrors.shardMissing]: 'Put all parts of the split file into one folder, then scan again.',
  [modelErrors.fileMissing]: 'Check the path, and that the drive is plugged in.',
  [modelErrors.fileChanged]: 'Try again: the library has read the file anew.',
};

/** A problem with the hint that belongs to its code. */
export function fileProblem(code: string, message: string): FileProblem {
  const hint = hints[code];
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** An artifact that the library knows and that is not there now. */
export function missingProblem(isFolderOffline: boolean): FileProblem {
  return {
    code: modelErrors.fileMissing,
    message: isFolderOffline ? 'The folder is not there: its drive may be unplugged.' : 'The file is not there any more.',
    hint: 'Plug the drive in or put the file back, then scan again. The entry is kept until you remove it.',
  };
}

/** The system's code of an error (`ENOENT`), for the log: messages name paths. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

/** Why the file system would not give a file. */
export function readProblem(error: unknown): FileProblem {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fileProblem(modelErrors.fileMissing, 'The file is not there.');
    case 'EACCES':
    case 'EPERM':
      return {
        code: modelErrors.fileMissing,
        message: 'The file may not be read: permission denied.',
        hint: 'Change the permissions of the file, then scan again.',
      };
    case 'EISDIR':
      return { code: modelErrors.fileMissing, message: 'This is a folder, not a file.', hint: 'Name one GGUF file in it.' };
    default:
      return {
        code: modelErrors.fileMissing,
        message: `The file could not be read (${code}).`,
        hint: 'Check the drive that holds it, then scan again.',
      };
  }
}

/** A problem as an error that crosses the pipe. */
export function problemError(problem: FileProblem, data?: unknown): RpcError {
  return new RpcError(problem.code, problem.message, {
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    ...(data === undefined ? {} : { data }),
  });
}
