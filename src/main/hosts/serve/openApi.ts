import { randomBytes } from 'node:crypto';
import type { ApiServer } from '#main/services/api/apiServer.ts';
import type { Services } from '#main/services/createServices.ts';
import type { Secrets } from '#main/services/hostPorts.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { ServeOptions } from './serveOptions.ts';

export interface OpenedApi {
  readonly url: string;
  readonly key: string;
  close(): Promise<void>;
}

/**
 * Opens the local API beside the page, unless the user wants none. Its key is made once and kept, so that programs that were given it go on working.
 * @throws {RpcError} port-in-use for a port that was named
 */
export async function openApi(
  options: Pick<ServeOptions, 'host' | 'apiPort' | 'isApiPortChosen' | 'apiKey'>,
  parts: { readonly services: Pick<Services, 'library' | 'models'>; readonly secrets: Secrets; readonly version: string },
): Promise<OpenedApi | null> {
  const { apiPort } = options;
  if (apiPort === null) return null;
  const { startApiServer } = await import('#main/services/api/apiServer.ts');
  const key = options.apiKey ?? (await keptKey(parts.secrets));
  const { library, models } = parts.services;
  const listen = (port: number): Promise<ApiServer> =>
    startApiServer({ host: options.host, port, key, allowedOrigins: [], version: parts.version }, { library, models, now: Date.now });
  const server = await listen(apiPort).catch((error: unknown) => {
    const isTaken = error instanceof RpcError && error.code === systemErrors.portInUse;
    if (isTaken && !options.isApiPortChosen) return listen(0);
    throw error;
  });
  return { url: server.url, key, close: () => server.close() };
}

async function keptKey(secrets: Secrets): Promise<string> {
  const kept = await secrets.get('api-key');
  if (kept !== null) return kept;
  const made = `rs-${randomBytes(24).toString('base64url')}`;
  await secrets.set('api-key', made);
  return made;
}
