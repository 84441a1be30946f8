import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { isolatedEnvironment } from '../../fixtures/isolatedEnvironment.ts';

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `--json` printed: every line is a document of its own. */
export type Document = Record<string, unknown>;
export const documents = (end: Pick<CommandEnd, 'stdout'>): Document[] =>
  end.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Document);

/** The one document of a command. */
export function documentOf(end: CommandEnd): Document {
  const [only, ...more] = documents(end);
  if (only === undefined || more.length > 0) throw new Error(`expected one document, got: ${end.stdout}\n${end.stderr}`);
  return only;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
  /** Resolves with the first document that is as wished; rejects when the command ends before. */
  when(isWished: (document: Document) => boolean): Promise<Document>;
}

/** The command line as a user has it: a process of its own with a data folder of its own. */
export interface CommandLine {
  readonly home: string;
  run(...args: string[]): Promise<CommandEnd>;
  runWith(stdin: string, ...args: string[]): Promise<CommandEnd>;
  start(...args: string[]): RunningCommand;
  [Symbol.asyncDispose](): Promise<void>;
}

const script = join(appRoot(), 'src', 'main', 'hosts', 'cli', 'main.js');

/** @param env variables of every command: which hub it asks, for one. */
export async function newCommandLine(env: Readonly<Record<string, string>> = {}): Promise<CommandLine> {
  const home = await mkdtemp(join(tmpdir(), 'rightsize-cli-'));
  const running = new Set<RunningCommand>();

  function launch(args: readonly string[], options: { readonly stdin?: string } = {}): RunningCommand {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: home,
      env: isolatedEnvironment({ data: join(home, 'data'), person: join(home, 'person') }, { NO_COLOR: '1', ...env }),
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own, as a terminal gives every command.
      detached: process.platform !== 'win32',
    });
    child.stdin.end(options.stdin ?? '');
    let stdout = '';
    let stderr = '';
    const seen: Document[] = [];
    const listeners = new Set<(document: Document) => void>();
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{"')) return;
      const document = JSON.parse(line) as Document;
      seen.push(document);
      for (const listener of listeners) listener(document);
    });
    const ended = new Promise<CommandEnd>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    const command: RunningCommand = {
      child,
      ended,
      when: (isWished) =>
        new Promise((resolve, reject) => {
          const listener = (document: Document): void => {
            if (isWished(document)) resolve(document);
          };
          listeners.add(listener);
          for (const document of seen) listener(document);
          void ended.then((end) => reject(new Error(`the command ended before: ${end.stdout}\n${end.stderr}`)));
        }),
    };
    running.add(command);
    void ended.then(() => running.delete(command));
    return command;
  }

  return {
    home,
    start: (...args) => launch(args),
    run: (...args) => launch(args).ended,
    runWith: (stdin, ...args) => launch(args, { stdin }).ended,
    [Symbol.asyncDispose]: async () => {
      for (const command of running) command.child.kill('SIGKILL');
      await Promise.all([...running].map((command) => command.ended));
      await rm(home, { recursive: true, force: true });
    },
  };
}

export const errorOf = (end: CommandEnd): unknown => documents(end).at(-1)?.['error'];
