import type { Artifact } from '#shared/contract/models.ts';
import type { Database } from './database.ts';

/** One file of an artifact as it was when its header was read. */
export interface ArtifactFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** An artifact as it is stored: what the contract shows, and what the next scan needs to know it again. */
export interface ArtifactRow extends Omit<Artifact, 'path' | 'files'> {
  /** Real path of the file, or of the folder plus base name of a shard set. */
  readonly fileKey: string;
  /** First shard first; never empty. */
  readonly files: readonly ArtifactFile[];
  /** What the owning app, or the hub, says the sha256 is. Never shown as ours: the bytes were not read for it. */
  readonly claimedSha256: string | null;
  /** Embedding length of a model, or the width that a projector feeds: what pairs them. Null = the header does not say. */
  readonly width: number | null;
  /** `other`: a vision projector, an adapter or an importance matrix; remembered so that it is not read again, never listed. */
  readonly role: 'model' | 'other';
  /** Removed from the list by the user; the file stays and is not listed again. */
  readonly isHidden: boolean;
}

export interface ArtifactTable {
  /** By id. */
  list(): ArtifactRow[];
  /** Inserts the row or replaces the one with its id. */
  save(row: ArtifactRow): void;
  remove(id: string): void;
}

/** Every GGUF file or shard set that was ever found and not forgotten. */
export function artifactTable(database: Database): ArtifactTable {
  return {
    list: () => database.all<StoredArtifact>('SELECT * FROM artifacts ORDER BY id').map(fromStored),
    save(row) {
      const stored = toStored(row);
      const names = Object.keys(stored) as (keyof StoredArtifact)[];
      database.run(
        `INSERT OR REPLACE INTO artifacts (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        ...names.map((name) => stored[name]),
      );
    },
    remove(id) {
      database.run('DELETE FROM artifacts WHERE id = ?', id);
    },
  };
}

interface StoredArtifact {
  id: string;
  file_key: string;
  name: string;
  publisher: string | null;
  repo: string | null;
  quant: string | null;
  name_in_app: string | null;
  files: string;
  size_bytes: number;
  sha256: string | null;
  claimed_sha256: string | null;
  owner: Artifact['owner'];
  folder_id: string | null;
  state: Artifact['state'];
  problem: string | null;
  role: ArtifactRow['role'];
  architecture: string | null;
  parameters: number | null;
  context_tokens: number | null;
  width: number | null;
  license: string | null;
  has_chat_template: number;
  projector_path: string | null;
  provenance: string | null;
  available_update: string | null;
  hidden: number;
  added_at: number;
  last_used_at: number | null;
  speed: string | null;
  score: string | null;
}

function toStored(row: ArtifactRow): StoredArtifact {
  return {
    id: row.id,
    file_key: row.fileKey,
    name: row.name,
    publisher: row.publisher,
    repo: row.repo,
    quant: row.quant,
    name_in_app: row.nameInApp,
    files: JSON.stringify(row.files),
    size_bytes: row.sizeBytes,
    sha256: row.sha256,
    claimed_sha256: row.claimedSha256,
    owner: row.owner,
    folder_id: row.folderId,
    state: row.state,
    problem: jsonOrNull(row.problem),
    role: row.role,
    architecture: row.architecture,
    parameters: row.parameters,
    context_tokens: row.contextTokens,
    width: row.width,
    license: row.license,
    has_chat_template: row.hasChatTemplate ? 1 : 0,
    projector_path: row.projectorPath,
    provenance: jsonOrNull(row.provenance),
    available_update: jsonOrNull(row.update),
    hidden: row.isHidden ? 1 : 0,
    added_at: row.addedAt,
    last_used_at: row.lastUsedAt,
    speed: jsonOrNull(row.speed),
    score: jsonOrNull(row.score),
  };
}

function fromStored(row: StoredArtifact): ArtifactRow {
  return {
    id: row.id,
    fileKey: row.file_key,
    name: row.name,
    publisher: row.publisher,
    repo: row.repo,
    quant: row.quant,
    nameInApp: row.name_in_app,
    files: JSON.parse(row.files) as ArtifactFile[],
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    claimedSha256: row.claimed_sha256,
    owner: row.owner,
    folderId: row.folder_id,
    state: row.state,
    problem: fromJson<ArtifactRow['problem']>(row.problem),
    role: row.role,
    architecture: row.architecture,
    parameters: row.parameters,
    contextTokens: row.context_tokens,
    width: row.width,
    license: row.license,
    hasChatTemplate: row.has_chat_template === 1,
    projectorPath: row.projector_path,
    provenance: fromJson<ArtifactRow['provenance']>(row.provenance),
    update: fromJson<ArtifactRow['update']>(row.available_update),
    isHidden: row.hidden === 1,
    addedAt: row.added_at,
    lastUsedAt: row.last_used_at,
    speed: fromJson<ArtifactRow['speed']>(row.speed),
    score: fromJson<ArtifactRow['score']>(row.score),
  };
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function fromJson<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}
