import type { ArtifactRow, ArtifactTable } from '#main/storage/artifactTable.ts';
import type { AppName, Artifact } from '#shared/contract/models.ts';

/** The rows of the library in memory, written through to the database. */
export interface LibraryRows {
  all(): readonly ArtifactRow[];
  /** Rows that are listed; what belongs to a model, was hidden, or is an ignored app's, is remembered but not listed. */
  models(): readonly ArtifactRow[];
  isListed(row: ArtifactRow): boolean;
  /** Whether it belongs to an app that the user does not want listed. */
  isIgnored(row: ArtifactRow): boolean;
  /** Lists the models of these apps no longer, and those of all others (again). Tells of each that comes or goes. */
  ignore(apps: readonly AppName[]): void;
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
  let ignored: ReadonlySet<string> = new Set();
  const isIgnored = (row: ArtifactRow): boolean => ignored.has(row.owner);
  const isListed = (row: ArtifactRow): boolean => row.role === 'model' && !row.isHidden && !isIgnored(row);
  for (const row of options.table.list()) {
    byId.set(row.id, row);
    keys.set(row.fileKey, row.id);
  }

  return {
    all: () => [...byId.values()],
    models: () => [...byId.values()].filter(isListed),
    isListed,
    isIgnored,
    ignore(apps) {
      const before = new Set(this.models());
      ignored = new Set(apps);
      const now = new Set(this.models());
      for (const row of before) if (!now.has(row)) options.onChange(row.id, undefined);
      for (const row of now) if (!before.has(row)) options.onChange(row.id, row);
    },
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
      if (isListed(row)) options.onChange(row.id, row);
      else if (before !== undefined && isListed(before)) options.onChange(row.id, undefined);
    },
    remove(id) {
      const row = byId.get(id);
      if (row === undefined) return;
      options.table.remove(id);
      byId.delete(id);
      keys.delete(row.fileKey);
      if (isListed(row)) options.onChange(id, undefined);
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
    claimedSha256: row.claimedSha256,
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
