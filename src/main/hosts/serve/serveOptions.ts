import { parseArgs } from 'node:util';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Opens a browser where there is a display. */
  readonly open: boolean;
  readonly json: boolean;
}

const defaultPort = 8417;
const loopbackHosts = ['127.0.0.1', 'localhost', '::1'];

export const serveUsage = `Usage: rightsize serve [--port N] [--host 127.0.0.1] [--no-open] [--json]

  --port N     port to listen on, 0 for any free one (default ${defaultPort}, or any free one when it is taken)
  --host NAME  loopback name to listen on: ${loopbackHosts.join(', ')}
  --no-open    do not open a browser
  --json       print one JSON document with the address, open no browser
`;

/** Reads the command line. @throws {RpcError} usage */
export function readServeOptions(args: readonly string[]): ServeOptions & { readonly help: boolean; readonly isPortChosen: boolean } {
  const { values } = parse(args);
  const port = values.port === undefined ? defaultPort : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw usage(`--port must be a number from 0 to 65535, not ${values.port}.`);
  const host = values.host ?? '127.0.0.1';
  if (!loopbackHosts.includes(host)) {
    throw usage(`--host must be a loopback name (${loopbackHosts.join(', ')}), not ${host}.`, {
      hint: `From another machine, tunnel to it: ssh -L ${port}:127.0.0.1:${port} <this machine>`,
    });
  }
  const json = values.json ?? false;
  return { host, port, json, open: !json && !values['no-open'], help: values.help ?? false, isPortChosen: values.port !== undefined };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'no-open': { type: 'boolean' },
        json: { type: 'boolean' },
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
