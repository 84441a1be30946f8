import type { RunModel } from '#main/storage/runTable.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { ModelRunNeeds } from './modelTask.ts';

export type Identity = { readonly ok: true; readonly sha256: string | null } | { readonly ok: false; readonly problem: RpcErrorData };

/** Whether the file is still the one that was planned: a score belongs to bytes and not to a name. Never throws. */
export async function identifyModel(model: RunModel, { library, control }: Pick<ModelRunNeeds, 'library' | 'control'>): Promise<Identity> {
  const fail = (problem: RpcErrorData): Identity => ({ ok: false, problem });
  const changed = (what: string): Identity =>
    fail({
      code: benchmarkErrors.modelChanged,
      message: `${model.name} is no longer the file that this run was planned with: ${what}.`,
      hint: 'Start a new run with the file as it is now. What was measured before is kept.',
    });
  try {
    const artifact = await library.refresh(model.modelId);
    if (artifact.state !== 'ready') {
      return fail(artifact.problem ?? { code: modelErrors.fileMissing, message: `The file of ${model.name} is gone.` });
    }
    if (artifact.sizeBytes !== model.sizeBytes) return changed(`${artifact.sizeBytes} bytes instead of ${model.sizeBytes}`);
    const sha256 = artifact.sha256 ?? (await unlessAborted(library.whenHashed(model.modelId), control.signal));
    if (sha256 !== null && model.sha256 !== null && sha256 !== model.sha256) return changed('its content differs');
    return { ok: true, sha256 };
  } catch (error) {
    return fail(toRpcErrorData(error));
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  let onAbort = (): void => {};
  const aborted = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Whoever lost the race must not become an unhandled rejection.
    work.catch(() => undefined);
  }
}
