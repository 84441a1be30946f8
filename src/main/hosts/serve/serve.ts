import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createServices } from '#main/services/createServices.ts';
import { routes } from '#shared/contract/routes.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { createLog } from '../createLog.ts';
import { createFileSecrets } from '../fileSecrets.ts';
import { appRoot, appVersion, hostPaths, runnerScript, thisPlatform } from '../hostPaths.ts';
import { openBrowserSandbox } from '../sandbox/openBrowserSandbox.ts';
import { createNodeRunnerSpawner } from '../spawnNodeRunner.ts';
import { type OpenedApi, openApi } from './openApi.ts';
import { openBrowser } from './openBrowser.ts';
import { readServeOptions, serveUsage } from './serveOptions.ts';
import { type ServeServer, startServer } from './startServer.ts';

const wantsJson = process.argv.includes('--json');

/** Starts the host, or says why not and sets the exit code. */
export async function runServe(args: readonly string[]): Promise<void> {
  try {
    await serve(args);
  } catch (error) {
    reportError(error);
    process.exitCode = error instanceof RpcError && error.code === systemErrors.usage ? 2 : 1;
  }
}

async function serve(args: readonly string[]): Promise<void> {
  const options = readServeOptions(args);
  if (options.help) return void process.stdout.write(serveUsage);
  const root = appRoot();
  const pageFolder = join(root, 'out', 'renderer');
  if (options.ui && !existsSync(join(pageFolder, 'index.html'))) {
    throw new RpcError(systemErrors.pageMissing, 'The page is not built yet.', { hint: 'Run: npm run build' });
  }
  const paths = hostPaths();
  const log = createLog({ folder: paths.logs, name: 'serve' });
  const services = await createServices({
    host: 'serve',
    version: appVersion(root),
    electronVersion: null,
    paths,
    ...thisPlatform(),
    secrets: createFileSecrets(join(paths.data, 'secrets')),
    openSandbox: () => openBrowserSandbox(thisPlatform()),
    spawnRunner: createNodeRunnerSpawner({ runnerScript: runnerScript(root) }),
    log,
  });
  const onBug = (error: unknown, route: string): void => log.error('route.bug', { route, error });
  let server: ServeServer | undefined;
  let api: OpenedApi | null = null;
  try {
    const listen = (port: number): Promise<ServeServer> =>
      startServer({
        host: options.host,
        port,
        pageFolder,
        log,
        onPipe: (pipe) => void serveRpc(pipe, { routes, handlers: services.handlers, onBug }),
      });
    if (options.ui) {
      server = await listen(options.port).catch((error: unknown) => {
        const isTaken = error instanceof RpcError && error.code === systemErrors.portInUse;
        if (isTaken && !options.isPortChosen) return listen(0);
        throw error;
      });
    }
    api = await openApi(options, services.server);
  } catch (error) {
    await server?.close();
    await services.dispose();
    throw error;
  }
  log.info('serve.started', { port: server?.port });
  stopOnSignal(async () => {
    await server?.close();
    await services.dispose();
    log.info('serve.stopped');
  });
  announce(server?.url ?? null, api, options);
  if (options.open && server !== undefined) openBrowser(server.url);
}

function announce(url: string | null, api: OpenedApi | null, { json, host }: { readonly json: boolean; readonly host: string }): void {
  const isLan = api !== null && api.lanUrls.length > 0;
  if (isLan) {
    const where = api.lanUrls.join(', ');
    process.stderr.write(`Warning: other devices of this network can use the API (${where}). The key goes over the network unencrypted.\n`);
  }
  if (json) return void process.stdout.write(`${JSON.stringify({ url, apiUrl: api?.url ?? null, apiKey: api?.key ?? null })}\n`);
  const withKey = api?.key == null ? 'without a key' : `with the key ${api.key}`;
  const page = url === null ? '' : `Rightsize is at ${url}\n`;
  const words = api === null ? '' : `Other programs find the models at ${api.url} ${withKey}\n`;
  const reach = !isLan ? 'Only this machine can reach it. ' : url === null ? '' : `The page is for this machine alone (${host}). `;
  process.stdout.write(`${page}${words}${reach}Ctrl+C stops it.\n`);
}

/** The first signal stops in order; a second one stops at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        reportError(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

function reportError(error: unknown): void {
  const data = toRpcErrorData(error);
  if (wantsJson)
    process.stdout.write(`${JSON.stringify({ error: { code: data.code, message: data.message, hint: data.hint ?? null } })}\n`);
  else process.stderr.write(`${data.message}\n${data.hint === undefined ? '' : `${data.hint}\n`}`);
}
