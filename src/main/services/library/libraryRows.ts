import type { ArtifactRow, ArtifactTable } from '#main/storage/artifactTable.ts';
import type { Artifact } from '#shared/contract/models.ts';

/** The rows of the library in memory, written through to the database. */
export interface LibraryRows {
  all(): readonly ArtifactRow[];
  /** Rows that are models; what belongs to a model is remembered but never listed. */
  models(): readonly ArtifactRow[];
  get(id: string): ArtifactRow | undefined;
  byKey(fileKey: string): ArtifactRow | undefined;
  /** Stores a row and tells of it; a row that says what it said before is not written again. */
  save(row: ArtifactRow): void;
  remove(id: string): void;
}

/** @param options.onChange told of every change after it was stored; `row` is undefined for one that is no longer listed. */
export function createLibraryRows(options: {
  readonly table: ArtifactTable;
  readonly onChange: (id: string, row: ArtifactRow | undefined) => void;
}): LibraryRows {
  const byId = new Map<string, ArtifactRow>();
  const keys = new Map<string, string>();
  for (const row of options.table.list()) {
    byId.set(row.id, row);
    keys.set(row.fileKey, row.id);
  }

  return {
    all: () => [...byId.values()],
    models: () => [...byId.values()].filter((row) => row.role === 'model'),
    get: (id) => byId.get(id),
    byKey: (fileKey) => {
      const id = keys.get(fileKey);
      return id === undefined ? undefined : byId.get(id);
    },
    save(row) {
      const before = byId.get(row.id);
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(row)) return;
      options.table.save(row);
      if (before !== undefined) keys.delete(before.fileKey);
      byId.set(row.id, row);
      keys.set(row.fileKey, row.id);
      if (row.role === 'model') options.onChange(row.id, row);
      else if (before?.role === 'model') options.onChange(row.id, undefined);
    },
    remove(id) {
      const row = byId.get(id);
      if (row === undefined) return;
      options.table.remove(id);
      byId.delete(id);
      keys.delete(row.fileKey);
      if (row.role === 'model') options.onChange(id, undefined);
    },
  };
}

/** A row as the contract shows it. */
export function toArtifact(row: ArtifactRow): Artifact {
  return {
    id: row.id,
    name: row.name,
    publisher: row.publisher,
    repo: row.repo,
    quant: row.quant,
    nameInApp: row.nameInApp,
    path: row.files[0]?.path ?? '',
    files: row.files.map((file) => file.path),
    sizeBytes: row.sizeBytes,
    sha256: row.sha256,
    owner: row.owner,
    folderId: row.folderId,
    state: row.state,
    problem: row.problem,
    architecture: row.architecture,
    parameters: row.parameters,
    contextTokens: row.contextTokens,
    license: row.license,
    hasChatTemplate: row.hasChatTemplate,
    projectorPath: row.projectorPath,
    provenance: row.provenance,
    update: row.update,
    addedAt: row.addedAt,
    lastUsedAt: row.lastUsedAt,
    speed: row.speed,
    score: row.score,
  };
}
