import type { ApiServer, ApiServerOptions } from '#main/services/api/apiServer.ts';
import { lanUrls } from '#main/services/api/localNames.ts';
import { createApiRequestTable } from '#main/storage/apiRequestTable.ts';
import type { Database } from '#main/storage/database.ts';
import { ServerSettings, type ServerState } from '#shared/contract/server.ts';
import { systemErrors } from '#shared/contract/system.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { EndpointService } from '../endpoints/endpointService.ts';
import { errorCodes } from '../errorCodes.ts';
import type { Secrets } from '../hostPorts.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { ModelService } from '../models/modelService.ts';
import { createSerialQueue } from '../serialQueue.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { createApiKey, keyHint } from './apiKey.ts';
import { itemOfRequest } from './itemOfRequest.ts';
import { replayRequest } from './replayRequest.ts';
import { createRequestLog } from './requestLog.ts';
import type { ServerService, StartWishes } from './serverService.ts';

export interface ServerServiceOptions {
  readonly database: Database;
  readonly settings: SettingsService;
  readonly secrets: Secrets;
  readonly library: LibraryService;
  readonly models: ModelService;
  readonly endpoints: EndpointService;
  readonly version: string;
  readonly log: Log;
  readonly now: () => number;
}

/** A server that runs, with what it was started for. */
interface Running {
  readonly server: ApiServer;
  readonly asked: { readonly port: number; readonly lan: boolean };
  readonly startedAt: number;
}

/** Makes the service; nothing is listened on before `start`. */
export function createServerService(options: ServerServiceOptions): ServerService {
  const { settings, models, log, now } = options;
  const key = createApiKey(options.secrets);
  const queued = createSerialQueue();
  const requestLog = createRequestLog({
    table: createApiRequestTable(options.database),
    settings: () => settings.read().server,
    state,
    log,
    now,
  });
  let wishes: StartWishes = {};
  let running: Running | null = null;
  let isStarting = false;
  let problem: ServerState['problem'] = null;

  /** Where the settings and the command line together want it to listen. */
  function asked(): Running['asked'] {
    const { port, lan } = settings.read().server;
    return { port: wishes.port ?? port, lan: wishes.lan ?? lan };
  }

  const requiresKey = (): boolean => wishes.key !== undefined || settings.read().server.requiresKey;

  function state(): ServerState {
    const { server = null, startedAt = null } = running ?? {};
    const { requests = 0, errors = 0, active = 0, waiting = 0 } = server?.counts() ?? {};
    const known = key.known();
    const wanted = asked();
    return {
      state: running !== null ? 'running' : isStarting ? 'starting' : problem !== null ? 'failed' : 'stopped',
      problem,
      url: server?.url.replace(/\/v1$/, '').replace(/\/\/(\[::\]|0\.0\.0\.0):/, '//127.0.0.1:') ?? null,
      port: server?.port ?? null,
      lanUrls: running?.asked.lan === true ? [...lanUrls(running.server.port)] : [],
      keyHint: requiresKey() && known !== null ? keyHint(known) : null,
      startedAt,
      requests,
      errors,
      active,
      waiting,
      settings: settings.read().server,
      needsRestart: running !== null && (running.asked.port !== wanted.port || running.asked.lan !== wanted.lan),
    };
  }

  async function listen(): Promise<ApiServer> {
    const { startApiServer } = await import('#main/services/api/apiServer.ts');
    const { lan, port } = asked();
    const { parallel, queueLimit, logBodies, allowedOrigins } = settings.read().server;
    const rules = { parallel, queueLimit, keepsBodies: logBodies, allowedOrigins, key: requiresKey() ? await key.read() : null };
    const start = (where: Pick<ApiServerOptions, 'host' | 'port'>): Promise<ApiServer> =>
      startApiServer(
        { ...rules, ...where, version: options.version, onCall: (call) => requestLog.changed(call) },
        { library: options.library, models, now },
      );
    const host = lan ? '::' : (wishes.host ?? '127.0.0.1');
    try {
      return await start({ host, port });
    } catch (error) {
      if (wishes.fallsBack === true && error instanceof RpcError && error.code === systemErrors.portInUse) {
        return await start({ host, port: 0 });
      }
      // A machine without IPv6.
      if (lan && errorCodes(error).some((code) => code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) {
        return await start({ host: '0.0.0.0', port });
      }
      throw error;
    }
  }

  async function startNow(): Promise<ServerState> {
    if (running !== null) return state();
    isStarting = true;
    problem = null;
    requestLog.stateChanged();
    try {
      running = { server: await listen(), asked: asked(), startedAt: now() };
      models.setParallel(settings.read().server.parallel);
      log.info('api.started', { port: running.server.port, lan: running.asked.lan });
    } catch (error) {
      const { code, message, hint } = toRpcErrorData(error);
      problem = { code, message, ...(hint === undefined ? {} : { hint }) };
      log[error instanceof RpcError ? 'warn' : 'error']('api.start-failed', error instanceof RpcError ? { code } : { error });
    } finally {
      isStarting = false;
    }
    requestLog.stateChanged();
    return state();
  }

  async function stopNow(): Promise<ServerState> {
    problem = null;
    const stopping = running;
    if (stopping !== null) {
      await stopping.server.close();
      running = null;
      models.setParallel(null);
      log.info('api.stopped');
    }
    requestLog.stateChanged();
    return state();
  }

  return {
    state,
    start: (given) =>
      queued(() => {
        wishes = { ...wishes, ...given };
        if (wishes.key !== undefined) key.use(wishes.key);
        return startNow();
      }),
    stop: () => queued(stopNow),
    configure: (patch) =>
      queued(async () => {
        const next = ServerSettings.parse({ ...settings.read().server, ...patch });
        const isOpen = next.lan || (patch.lan === undefined && wishes.lan === true) || running?.asked.lan === true;
        if (isOpen && !next.requiresKey) {
          throw new RpcError(pipeErrors.badInput, 'Other devices may connect only with a key. Nothing was changed.', {
            hint: 'Ask for a key, or stop the server and keep it to this machine first.',
          });
        }
        settings.update({ server: next });
        if (patch.port !== undefined) wishes = { ...wishes, port: undefined, fallsBack: false };
        if (patch.lan !== undefined) wishes = { ...wishes, lan: undefined };
        const { allowedOrigins, parallel, queueLimit, logBodies } = next;
        const known = requiresKey() ? await key.read() : null;
        running?.server.change({ allowedOrigins, parallel, queueLimit, keepsBodies: logBodies, key: known });
        if (running !== null) models.setParallel(parallel);
        requestLog.prune();
        requestLog.stateChanged();
        return state();
      }),
    key: () => key.read(),
    newKey: () =>
      queued(async () => {
        const made = await key.renew();
        wishes = { ...wishes, key: undefined };
        if (requiresKey()) running?.server.change({ key: made });
        requestLog.stateChanged();
        return state();
      }),
    subscribe(listener) {
      void key.lookUp().then(requestLog.stateChanged, () => log.warn('api.key-unreadable'));
      return requestLog.subscribe(listener);
    },
    requests: (which) => requestLog.list(which),
    request: (id) => requestLog.detail(id),
    clearLog: () => requestLog.clear(),
    replay: ({ id, modelId }, signal) => replayRequest(requestLog.detail(id), { modelId, signal }, options),
    asItem: (id) => itemOfRequest(requestLog.detail(id)),
    async dispose() {
      await queued(stopNow);
      requestLog.dispose();
    },
  };
}
