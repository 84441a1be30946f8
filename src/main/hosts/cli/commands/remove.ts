import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { terminalText } from '../terminalText.ts';

/** `remove MODEL`: deletes a model that Rightsize owns, and asks a person once. */
export function removeCommand(context: CommandContext): Command {
  return new Command('remove')
    .description('remove a model from the library and delete its file where Rightsize owns it')
    .argument('<model>', 'id or name')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: { readonly yes?: true }) => {
      const { library } = await context.services();
      await library.whenScanned();
      const artifact = library.resolve(name);
      if (!options.yes && !(await confirmed(context, `Remove ${artifact.name} (${artifact.path})?`))) {
        throw new RpcError(pipeErrors.cancelled, 'Nothing was removed.');
      }
      const { fileDeleted } = await library.remove(artifact.id);
      context.output.document({ id: artifact.id, fileDeleted, artifacts: [artifact] });
      const left = artifact.state === 'missing' ? '' : '; its file was left where it is';
      context.output.note(`${artifact.id} was removed${fileDeleted ? ' and its file deleted' : left}.`);
    });
}

/** Only a person at a terminal is asked: a program that says `remove` means it. */
async function confirmed(context: CommandContext, question: string): Promise<boolean> {
  if (!context.output.live || process.stdin.isTTY !== true) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(terminalText(`${question} [y/N] `), { signal: context.signal })).trim());
  } finally {
    terminal.close();
  }
}
