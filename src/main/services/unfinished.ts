import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** A route that is laid down and not built yet. Goes when the last of them is. */
export const unfinished = async (): Promise<never> => {
  throw new RpcError(pipeErrors.badInput, 'This is not built yet.');
};
