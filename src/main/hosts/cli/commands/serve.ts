import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { appRoot } from '../../hostPaths.ts';
import type { CommandContext } from '../commandContext.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';

interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly open: boolean;
  readonly ui: boolean;
  readonly api: boolean;
  readonly apiPort?: string;
  readonly apiKey?: string;
  readonly lan?: true;
  readonly json?: true;
}

/** `serve`: the same interface in a browser. It is a host of its own, so it gets a process of its own with our terminal. */
export function serveCommand(context: CommandContext): Command {
  return new Command('serve')
    .description('serve the interface to a browser on this machine')
    .option('--port <number>', 'port; 0 picks a free one')
    .option('--host <address>', 'loopback name to listen on')
    .option('--no-open', 'do not open a browser')
    .option('--no-ui', 'serve the API alone, without a page')
    .option('--api-port <number>', 'port of the local API for other programs; 0 picks a free one')
    .option('--api-key <key>', 'key of the API for this start')
    .option('--lan', 'let other devices of the network use the API, with the key')
    .option('--no-api', 'serve no API')
    .action(async (options: ServeOptions) => {
      const root = appRoot();
      // In a checkout the page may have changed since it was built.
      const build = join(root, 'scripts', 'ensureBuild.ts');
      if (options.ui && existsSync(build)) {
        const built = await runToEnd(context, [build], { quiet: true });
        if (built !== exitCodes.done) return context.exitWith(built);
      }
      const values = [
        ...(options.port === undefined ? [] : ['--port', options.port]),
        ...(options.host === undefined ? [] : ['--host', options.host]),
        ...(options.open ? [] : ['--no-open']),
        ...(options.apiPort === undefined ? [] : ['--api-port', options.apiPort]),
        ...(options.apiKey === undefined ? [] : ['--api-key', options.apiKey]),
        ...(options.lan === true ? ['--lan'] : []),
        ...(options.ui ? [] : ['--no-ui']),
        ...(options.api ? [] : ['--no-api']),
        ...(options.json ? ['--json'] : []),
      ];
      context.exitWith(await runToEnd(context, [join(root, 'src', 'main', 'hosts', 'serve', 'main.js'), ...values], { quiet: false }));
    });
}

/** A quiet child keeps stdout, where a document is expected, to itself. */
function runToEnd(context: CommandContext, args: readonly string[], { quiet }: { readonly quiet: boolean }): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ['inherit', quiet ? 'ignore' : 'inherit', 'inherit'] });
    // A terminal sends Ctrl+C to both of us; a `kill` reaches only this process.
    context.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    child.once('error', reject);
    child.once('exit', (code) => resolve((code ?? exitCodes.interrupted) as ExitCode));
  });
}
