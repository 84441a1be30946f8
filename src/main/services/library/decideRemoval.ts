import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { howItsAppRemoves } from '#shared/ownerWords.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { liesBelow } from './ownFiles.ts';

/** What becomes of an artifact that the user removes: its files are deleted, its entry is forgotten, or it is kept and not listed. */
export type Removal = 'delete' | 'forget' | 'hide';

/**
 * Decides what removing means, by whose file it is. What Rightsize downloaded is deleted; what lies in the user's folders and in the shared
 * cache only when told to; what ships with the app and what other apps own never.
 * @throws {RpcError} not-owned, with what to do instead
 */
export async function decideRemoval(
  row: ArtifactRow,
  options: { readonly deleteFile: boolean; readonly ownModels: string },
): Promise<Removal> {
  if (row.owner === 'bundled') {
    throw new RpcError(modelErrors.notOwned, 'This starter model ships with Rightsize and is not removed.', {
      hint: 'It takes little space and works offline. Nothing was changed.',
    });
  }
  if (row.state === 'missing') return 'forget';
  switch (row.owner) {
    case 'downloaded':
      return 'delete';
    case 'imported':
      return options.deleteFile || (await liesBelow(row.files[0]?.path ?? '', options.ownModels)) ? 'delete' : 'forget';
    case 'folder':
    case 'hub-cache':
      return options.deleteFile ? 'delete' : 'hide';
    case 'ollama':
    case 'lm-studio':
    case 'llama-cpp':
    case 'jan':
    case 'gpt4all':
    case 'docker':
      if (!options.deleteFile) return 'hide';
      throw new RpcError(modelErrors.notOwned, 'Another app owns this file, so Rightsize does not delete it. Nothing was changed.', {
        hint: howItsAppRemoves(row) ?? 'Remove it with that app.',
      });
  }
}
