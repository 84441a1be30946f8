import type { EngineBytes } from '#shared/contract/fit.ts';
import type { SimulateRequest } from '#shared/contract/runner.ts';

/**
 * Asks the engine what a model would reserve, by its own allocation-free load of a bare header.
 * @throws {RpcError} simulation-failed
 */
export async function simulate(request: SimulateRequest): Promise<EngineBytes> {
  throw new Error(`To be built: ${request.backend}`);
}
