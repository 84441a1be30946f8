import { Command, CommanderError } from 'commander';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { appVersion } from '../hostPaths.ts';
import { type CommandContext, createCliPorts, lazyServices } from './commandContext.ts';
import { benchCommand } from './commands/bench.ts';
import { doctorCommand } from './commands/doctor.ts';
import { endpointsCommand } from './commands/endpoints.ts';
import { explainCommand } from './commands/explain.ts';
import { fitCommand } from './commands/fit.ts';
import { hardwareCommand } from './commands/hardware.ts';
import { importCommand } from './commands/import.ts';
import { inspectCommand } from './commands/inspect.ts';
import { listCommand } from './commands/list.ts';
import { pricesCommand } from './commands/prices.ts';
import { pullCommand } from './commands/pull.ts';
import { quantsCommand } from './commands/quants.ts';
import { removeCommand } from './commands/remove.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { scanCommand } from './commands/scan.ts';
import { searchCommand } from './commands/search.ts';
import { serveCommand } from './commands/serve.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exitCodes.ts';
import { createOutput } from './output.ts';

/**
 * Runs one command line. Everything that goes wrong ends in one error with a code and, where something can be done, a hint.
 * @param argv the arguments behind the program's name.
 * @returns the exit code.
 */
export async function runCommandLine(argv: readonly string[]): Promise<ExitCode> {
  const output = createOutput({ json: asksForJson(argv), stdout: process.stdout, stderr: process.stderr });
  const interrupt = new AbortController();
  const onSignal = (): void => {
    // The second Ctrl+C means it.
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    interrupt.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  output.onClosed(() => interrupt.abort());

  let ports: CommandContext['ports'] | undefined;
  const getPorts = (): CommandContext['ports'] => {
    ports ??= createCliPorts();
    return ports;
  };
  const services = lazyServices(getPorts);
  let exitCode: ExitCode = exitCodes.done;
  const context: CommandContext = {
    output,
    signal: interrupt.signal,
    get ports() {
      return getPorts();
    },
    services: services.open,
    exitWith: (code) => {
      exitCode = code;
    },
  };

  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    exitCode = report(thrown);
  }
  try {
    await services.close();
  } catch (thrown) {
    exitCode = report(thrown);
  }
  await output.flush();
  return exitCode;

  function report(thrown: unknown): ExitCode {
    if (thrown instanceof CommanderError) {
      // Help and version were asked for and have been printed.
      if (thrown.exitCode === 0) return exitCodes.done;
      output.error(usageError(thrown));
      return exitCodes.usage;
    }
    const error = toRpcErrorData(thrown);
    if (!(thrown instanceof RpcError) && thrown instanceof Error && thrown.name !== 'AbortError') {
      getPorts().log.error('bug', { error: thrown });
    }
    output.error(error);
    return interrupt.signal.aborted ? exitCodes.interrupted : exitCodeOf(error);
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command('rightsize')
    .description('Find the smallest local model that does your job.')
    .version(appVersion())
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.text(text),
      // Usage errors are printed once, with code and hint, by `report`.
      writeErr: () => {},
    })
    .addHelpText(
      'after',
      '\nEvery command takes --json: one JSON document on stdout, or one object a line.\n' +
        'Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 3 a bar was missed, 130 interrupted.\n' +
        'RIGHTSIZE_HOME names the data folder.',
    );
  const commands = [
    doctorCommand,
    hardwareCommand,
    explainCommand,
    searchCommand,
    quantsCommand,
    fitCommand,
    listCommand,
    scanCommand,
    inspectCommand,
    importCommand,
    pullCommand,
    removeCommand,
    runCommand,
    benchCommand,
    reportCommand,
    pricesCommand,
    endpointsCommand,
    serveCommand,
  ];
  for (const create of commands) {
    const command = create(context).option('--json', 'answer in JSON');
    command.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program;
}

function usageError(error: CommanderError): RpcErrorData {
  if (error.code === 'commander.help')
    return { code: systemErrors.usage, message: 'Say what to do.', hint: 'rightsize --help lists commands and options.' };
  const message = error.message.replace(/^error: /, '').trim();
  return {
    code: systemErrors.usage,
    message: message.charAt(0).toUpperCase() + message.slice(1),
    hint: 'rightsize --help lists commands and options.',
  };
}

/** Known before parsing, so that a usage error can be said in JSON too. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
