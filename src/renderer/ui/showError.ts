import { pipeErrors, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { showToast } from './toast.ts';

/** Shows what an action failed with as a toast that stays. A cancelled action says nothing. */
export function showError(title: string, thrown: unknown): void {
  const error = toRpcErrorData(thrown);
  if (error.code === pipeErrors.cancelled) return;
  showToast({ tone: 'error', title, text: error.hint === undefined ? error.message : `${error.message} ${error.hint}` });
}
