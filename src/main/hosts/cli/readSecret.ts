import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from './commandContext.ts';

/** Where a key comes from. Never an argument: every user of a machine sees those, and shells keep them. */
export interface SecretSource {
  /** Name of an environment variable. */
  readonly keyEnv?: string;
  readonly keyStdin?: true;
}

/**
 * Reads a key from the environment or from stdin; at a terminal it is typed unseen.
 * @returns undefined when no source was named
 * @throws {RpcError} usage
 */
export async function readSecret(context: CommandContext, source: SecretSource): Promise<string | undefined> {
  if (source.keyEnv !== undefined) {
    const value = context.ports.env[source.keyEnv]?.trim();
    if (value) return value;
    throw new RpcError(systemErrors.usage, `The environment has no ${source.keyEnv}.`, { hint: 'Set it to the key, or use --key-stdin.' });
  }
  if (source.keyStdin !== true) return undefined;
  const typed = (process.stdin.isTTY ? await typedUnseen(context) : await text(process.stdin)).trim();
  if (typed !== '') return typed;
  throw new RpcError(systemErrors.usage, 'There is no key on stdin.', {
    hint: 'For example: rightsize endpoints add … --key-stdin < key.txt',
  });
}

async function typedUnseen(context: CommandContext): Promise<string> {
  context.output.note('Paste the key and press Enter; it is not shown.');
  const unseen = new Writable({ write: (_text, _encoding, taken) => taken() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await terminal.question('', { signal: context.signal });
  } finally {
    terminal.close();
  }
}
