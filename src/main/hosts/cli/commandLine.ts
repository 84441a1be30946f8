import { Command, CommanderError } from 'commander';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { appVersion } from '../hostPaths.ts';
import { type CommandContext, createCliPorts, lazyServices } from './commandContext.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exitCodes.ts';
import { createOutput } from './output.ts';

/** In the order of the help. Each is read from the disk only when it is asked for: together they take longer than most commands. */
const commands: Readonly<Record<string, () => Promise<(context: CommandContext) => Command>>> = {
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  hardware: async () => (await import('./commands/hardware.ts')).hardwareCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  quants: async () => (await import('./commands/quants.ts')).quantsCommand,
  fit: async () => (await import('./commands/fit.ts')).fitCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  scan: async () => (await import('./commands/scan.ts')).scanCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  pull: async () => (await import('./commands/pull.ts')).pullCommand,
  remove: async () => (await import('./commands/remove.ts')).removeCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  bench: async () => (await import('./commands/bench.ts')).benchCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  prices: async () => (await import('./commands/prices.ts')).pricesCommand,
  endpoints: async () => (await import('./commands/endpoints.ts')).endpointsCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
};

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
    const program = await createProgram(context, argv);
    await program.parseAsync([...argv], { from: 'user' });
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

async function createProgram(context: CommandContext, argv: readonly string[]): Promise<Command> {
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
  const word = argv.find((argument) => !argument.startsWith('-'));
  const named = Object.entries(commands).filter(([name]) => name === word);
  // The help, and what to say of a word that is no command, need all of them.
  for (const [, load] of named.length === 0 ? Object.entries(commands) : named) {
    const create = await load();
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
