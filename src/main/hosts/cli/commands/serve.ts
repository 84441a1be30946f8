import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { appRoot } from '../../hostPaths.ts';
import type { CommandContext } from '../commandContext.ts';
import type { ExitCode } from '../exitCodes.ts';

interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly json?: true;
}

/** `serve`: the same interface in a browser. A host of its own, so it gets a process of its own with our terminal. */
export function serveCommand(context: CommandContext): Command {
  return new Command('serve')
    .description('serve the interface to a browser on this machine')
    .option('--port <number>', 'port; 0 picks a free one')
    .option('--host <address>', 'address to listen on')
    .action(async (options: ServeOptions) => {
      const port = options.port === undefined ? null : Number(options.port);
      if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
        throw new RpcError(systemErrors.usage, `${options.port} is no port.`, {
          hint: '--port takes a number from 0 to 65535; 0 picks a free one.',
        });
      }
      const script = import.meta.filename.endsWith('.ts')
        ? join(appRoot(), 'src', 'main', 'hosts', 'serve', 'main.ts')
        : join(appRoot(), 'out', 'main', 'serve.js');
      const named: readonly (readonly [string, string | undefined])[] = [
        ['--port', options.port],
        ['--host', options.host],
      ];
      const values = named.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
      context.exitWith(await runToEnd(context, [script, ...values, ...(options.json ? ['--json'] : [])]));
    });
}

function runToEnd(context: CommandContext, args: readonly string[]): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: 'inherit' });
    // A terminal sends Ctrl+C to both of us; a `kill` reaches only this process.
    context.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    child.once('error', reject);
    child.once('exit', (code) => resolve(context.signal.aborted ? 130 : ((code ?? 1) as ExitCode)));
  });
}
