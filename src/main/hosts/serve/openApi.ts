import type { ServerService } from '#main/services/server/serverService.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { ServeOptions } from './serveOptions.ts';

/** Where other programs find the models: the base address of an OpenAI client, and the key, null where none is asked for. */
export interface OpenedApi {
  readonly url: string;
  readonly key: string | null;
  /** Addresses for other devices; empty unless they may use it. */
  readonly lanUrls: readonly string[];
}

/**
 * Starts the local API beside the page, as the settings and the command line say.
 * @returns null where the user wants none
 * @throws {RpcError} port-in-use for a port that was named; bad-input where other devices would be let in without a key
 */
export async function openApi(
  { host, api, apiPort, apiKey, lan }: Pick<ServeOptions, 'host' | 'api' | 'apiPort' | 'apiKey' | 'lan'>,
  server: Pick<ServerService, 'start' | 'key'>,
): Promise<OpenedApi | null> {
  if (!api) return null;
  const { url, problem, lanUrls, settings } = await server.start({
    host,
    fallsBack: apiPort === null,
    ...(apiPort === null ? {} : { port: apiPort }),
    ...(apiKey === null ? {} : { key: apiKey }),
    ...(lan === null ? {} : { lan }),
  });
  if (problem !== null) throw new RpcError(problem.code, problem.message, problem.hint === undefined ? {} : { hint: problem.hint });
  const asksForKey = settings.requiresKey || apiKey !== null;
  return { url: `${url}/v1`, key: asksForKey ? await server.key() : null, lanUrls };
}
