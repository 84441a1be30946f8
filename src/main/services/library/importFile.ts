import { realpath } from 'node:fs/promises';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { describeGroup } from './describeGroup.ts';
import { fileProblem, problemError } from './fileProblem.ts';
import { findGroup } from './findGroup.ts';
import type { FoundFile } from './findModelFiles.ts';
import type { LibraryRows } from './libraryRows.ts';
import { type LibraryRoot, refreshRow, type ScanOptions, takeGroup } from './scanLibrary.ts';

/**
 * Takes a file, or the whole of a split one, into the library where it lies.
 * @param options.rootOf where an artifact that is already known was found
 * @returns the id of its row, which may be one that was already there
 * @throws {RpcError} file-missing, codes of bad files, architecture-unsupported for what is no model; then nothing was taken in
 */
export async function importFile(
  path: string,
  options: ScanOptions & { readonly rootOf: (row: ArtifactRow) => LibraryRoot },
): Promise<string> {
  const group = await findGroup(path);
  if (group === undefined) throw problemError(fileProblem(modelErrors.fileMissing, 'There is no such file.'), { path });
  const facts = await describeGroup(group, { signal: options.signal });
  if (facts.problem !== null) throw problemError(facts.problem, { path });
  if (facts.role !== 'model') {
    throw new RpcError(modelErrors.unsupportedArchitecture, 'This file belongs to a model and is none itself.', {
      hint: 'Vision projectors, adapters and importance matrices go with a model file: import that one.',
      data: { path },
    });
  }
  const known = await findKnown(group.files, options.rows);
  if (known === undefined || options.rows.isIgnored(known))
    return await takeGroup(group, { path: '', owner: 'imported', folderId: null }, options);
  // Already found elsewhere: the entry it has is the entry it keeps.
  await refreshRow(known, { ...options, root: options.rootOf(known) });
  return known.id;
}

async function findKnown(files: readonly FoundFile[], rows: LibraryRows): Promise<ArtifactRow | undefined> {
  const wanted = new Set(files.map((file) => file.realPath));
  for (const row of rows.all().filter((candidate) => candidate.role === 'model' && candidate.state !== 'missing')) {
    const own = await Promise.all(row.files.map((file) => realpath(file.path).catch(() => file.path)));
    if (own.some((path) => wanted.has(path))) return row;
  }
  return undefined;
}
