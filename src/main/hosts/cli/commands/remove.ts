import { Command } from 'commander';
import type { Artifact } from '#shared/contract/models.ts';
import { howItsAppRemoves } from '#shared/ownerWords.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { confirmed } from '../confirmed.ts';

/** `remove MODEL`: deletes a model that Rightsize owns, and asks a person once. */
export function removeCommand(context: CommandContext): Command {
  return new Command('remove')
    .description('remove a model from the library; deletes the file of one that Rightsize downloaded')
    .argument('<model>', 'id or name')
    .option('--delete-file', 'delete the file also where it lies in one of your folders or in the hub’s cache')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: { readonly yes?: true; readonly deleteFile?: true }) => {
      const { library } = await context.services();
      await library.whenScanned();
      const artifact = library.resolve(name);
      const deleteFile = options.deleteFile === true;
      if (!options.yes && !(await confirmed(context, questionOf(artifact, deleteFile)))) {
        throw new RpcError(pipeErrors.cancelled, 'Nothing was removed.');
      }
      const { fileDeleted } = await library.remove(artifact.id, { deleteFile });
      context.output.document({ id: artifact.id, fileDeleted, artifacts: [artifact] });
      const left = artifact.state === 'missing' ? '' : '; its file was left where it is';
      context.output.note(`${artifact.id} was removed${fileDeleted ? ' and its file deleted' : left}.`);
      const hint = fileDeleted || artifact.state === 'missing' ? null : howItsAppRemoves(artifact);
      if (hint !== null) context.output.note(hint);
    });
}

function questionOf(artifact: Artifact, deleteFile: boolean): string {
  const isDeleted = artifact.owner === 'downloaded' || deleteFile;
  return `${isDeleted ? 'Delete' : 'Remove'} ${artifact.name} (${artifact.path})${isDeleted ? '' : ' from the library'}?`;
}
