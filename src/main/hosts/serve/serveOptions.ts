import { parseArgs } from 'node:util';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Opens a browser where there is a display. */
  readonly open: boolean;
  readonly json: boolean;
  /** Whether there is a page, or the API alone. */
  readonly ui: boolean;
  /** Whether the local API is served from the start. */
  readonly api: boolean;
  /** Null = as the settings say, or any free one where that is taken. */
  readonly apiPort: number | null;
  /** A key of the user's own for this start; null = the kept one. */
  readonly apiKey: string | null;
  /** Whether other devices may use the API; null = as the settings say. The page is for this machine alone. */
  readonly lan: boolean | null;
}

const defaultPort = 8417;
const leastKeyLength = 8;
const loopbackHosts = ['127.0.0.1', 'localhost', '::1'];

export const serveUsage = `Usage: rightsize serve [--port N] [--host 127.0.0.1] [--no-open] [--json]
                       [--no-ui] [--api-port N] [--api-key KEY] [--lan] [--no-api]

  --port N     port to listen on, 0 for any free one (default ${defaultPort}, or any free one when it is taken)
  --host NAME  loopback name to listen on: ${loopbackHosts.join(', ')}
  --no-open    do not open a browser
  --json       print one JSON document with addresses and key, open no browser
  --no-ui      serve the API alone, without a page
  --api-port N local API for other programs (default: as set on the Server page, 11435 at first, or any free one when it is taken)
  --api-key K  key of the API for this start; without it the one that was made for this data folder
  --lan        other devices of the network may use the API, with the key; the page stays on this machine
  --no-api     serve no API
`;

/** Reads the command line. @throws {RpcError} usage */
export function readServeOptions(args: readonly string[]): ServeOptions & { readonly help: boolean; readonly isPortChosen: boolean } {
  const { values } = parse(args);
  const port = readPort('--port', values.port, defaultPort);
  const apiPort = values['api-port'] === undefined ? null : readPort('--api-port', values['api-port'], 0);
  const apiKey = values['api-key'] ?? null;
  if (apiKey !== null && (apiKey.length < leastKeyLength || /[^\x21-\x7e]/.test(apiKey))) {
    throw usage(`--api-key must have at least ${leastKeyLength} characters, without spaces.`);
  }
  const host = values.host ?? '127.0.0.1';
  if (!loopbackHosts.includes(host)) {
    throw usage(`--host must be a loopback name (${loopbackHosts.join(', ')}), not ${host}.`, {
      hint: `From another machine, tunnel to it: ssh -L ${port}:127.0.0.1:${port} <this machine>`,
    });
  }
  const json = values.json ?? false;
  const ui = !values['no-ui'];
  if (!ui && values['no-api']) throw usage('--no-ui and --no-api together leave nothing to serve.');
  return {
    host,
    port,
    json,
    open: !json && ui && !values['no-open'],
    ui,
    api: !values['no-api'],
    apiPort,
    apiKey,
    lan: values.lan ?? null,
    help: values.help ?? false,
    isPortChosen: values.port !== undefined,
  };
}

function readPort(option: string, value: string | undefined, otherwise: number): number {
  const port = value === undefined ? otherwise : Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw usage(`${option} must be a number from 0 to 65535, not ${value}.`);
  return port;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'no-open': { type: 'boolean' },
        'no-ui': { type: 'boolean' },
        json: { type: 'boolean' },
        'api-port': { type: 'string' },
        'api-key': { type: 'string' },
        lan: { type: 'boolean' },
        'no-api': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function usage(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}): RpcError {
  return new RpcError(systemErrors.usage, message, {
    hint: options.hint ?? 'rightsize serve --help lists the options.',
    cause: options.cause,
  });
}
