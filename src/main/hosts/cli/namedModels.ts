import type { Services } from '#main/services/createServices.ts';
import { endpointModelId, readEndpointModelId } from '#shared/contract/endpoints.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const endpointMark = 'endpoint:';

/**
 * What a name on the command line stands for: a model of this disk, `endpoint:ID/MODEL`, or `endpoint:ID` for all models of an endpoint.
 * @returns ids as a plan takes them
 * @throws {RpcError} model-not-found, model-ambiguous, endpoint-not-found, usage
 */
export async function namedModels(
  { library, endpoints }: Pick<Services, 'library' | 'endpoints'>,
  name: string,
): Promise<readonly string[]> {
  if (!name.startsWith(endpointMark)) return [library.resolve(name).id];
  const named = readEndpointModelId(name);
  const endpoint = await endpoints.get(named?.endpointId ?? name.slice(endpointMark.length));
  if (named !== null) return [endpointModelId(endpoint.id, named.model)];
  if (endpoint.models.length > 0) return endpoint.models.map((model) => endpointModelId(endpoint.id, model));
  throw new RpcError(systemErrors.usage, `${endpoint.name} has no models named yet.`, { hint: `Name one: ${name}/MODEL` });
}

/** The same for one model. @throws {RpcError} as `namedModels`; usage for an endpoint with several */
export async function namedModel(services: Pick<Services, 'library' | 'endpoints'>, name: string): Promise<string> {
  const [id, second] = await namedModels(services, name);
  if (id !== undefined && second === undefined) return id;
  throw new RpcError(systemErrors.usage, `${name} has several models.`, { hint: `Name one: ${name}/MODEL` });
}
