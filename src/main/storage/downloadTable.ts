import type { DownloadProblem } from '#shared/contract/downloads.ts';
import type { Settings } from '#shared/contract/settings.ts';
import type { Database } from './database.ts';

/** A file of a job: what the hub said of it when the job was made, and how far it is. */
export interface StoredFile {
  /** Path within the repo. */
  readonly file: string;
  readonly role: 'model' | 'mmproj';
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly gitSha1: string | null;
  /** As it was last shown: it never falls, over restarts neither. */
  readonly bytesDone: number;
  /** Set once the partial file holds all bytes and they were hashed: believed while size and time of change stay. */
  readonly verified: { readonly sha256: string; readonly modifiedAtMs: number } | null;
}

export interface DownloadRow {
  readonly id: string;
  readonly repo: string;
  readonly revision: string;
  readonly commit: string;
  readonly quant: string | null;
  readonly name: string;
  readonly files: readonly StoredFile[];
  readonly layout: Settings['downloadLayout'];
  readonly folder: string;
  /** Outermost first. */
  readonly madeFolders: readonly string[];
  /** What is running when the process ends is `queued` for the next one. */
  readonly state: 'queued' | 'paused' | 'failed' | 'ready' | 'cancelled';
  readonly problem: DownloadProblem | null;
  readonly position: number;
  readonly addedAt: number;
  readonly finishedAt: number | null;
  readonly path: string | null;
  readonly artifactId: string | null;
}

export interface VerifiedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly sha256: string;
}

export interface DownloadTable {
  /** In the order of the queue. */
  list(): readonly DownloadRow[];
  /** Writes whole rows, new ones too: all or none. @throws {RpcError} disk-full, database-broken */
  save(rows: readonly DownloadRow[]): void;
  remove(ids: readonly string[]): void;
  verified(path: string): VerifiedFile | undefined;
  setVerified(file: VerifiedFile): void;
}

interface StoredDownload {
  readonly id: string;
  readonly repo: string;
  readonly revision: string;
  readonly commit_sha: string;
  readonly quant: string | null;
  readonly name: string;
  readonly files: string;
  readonly layout: string;
  readonly folder: string;
  readonly made_folders: string;
  readonly state: string;
  readonly problem: string | null;
  readonly position: number;
  readonly added_at: number;
  readonly finished_at: number | null;
  readonly path: string | null;
  readonly artifact_id: string | null;
}

const columns =
  'id, repo, revision, commit_sha, quant, name, files, layout, folder, made_folders, state, problem, position, added_at, finished_at, path, artifact_id';

/** The queue of downloads and what is known of files on disk. */
export function createDownloadTable(database: Database): DownloadTable {
  const save = (row: DownloadRow): void => {
    database.run(
      `INSERT OR REPLACE INTO downloads (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.repo,
      row.revision,
      row.commit,
      row.quant,
      row.name,
      JSON.stringify(row.files),
      row.layout,
      row.folder,
      JSON.stringify(row.madeFolders),
      row.state,
      row.problem === null ? null : JSON.stringify(row.problem),
      row.position,
      row.addedAt,
      row.finishedAt,
      row.path,
      row.artifactId,
    );
  };

  return {
    list: () => database.all<StoredDownload>(`SELECT ${columns} FROM downloads ORDER BY position, added_at, id`).map(toRow),
    save: (rows) => database.transaction(() => rows.forEach(save)),
    remove: (ids) =>
      database.transaction(() => {
        for (const id of ids) database.run('DELETE FROM downloads WHERE id = ?', id);
      }),
    verified: (path) =>
      database.get<VerifiedFile>(
        'SELECT path, size_bytes AS sizeBytes, modified_at_ms AS modifiedAtMs, sha256 FROM verified_files WHERE path = ?',
        path,
      ),
    setVerified: (file) => {
      database.run(
        'INSERT OR REPLACE INTO verified_files (path, size_bytes, modified_at_ms, sha256) VALUES (?, ?, ?, ?)',
        file.path,
        file.sizeBytes,
        file.modifiedAtMs,
        file.sha256,
      );
    },
  };
}

function toRow(stored: StoredDownload): DownloadRow {
  return {
    id: stored.id,
    repo: stored.repo,
    revision: stored.revision,
    commit: stored.commit_sha,
    quant: stored.quant,
    name: stored.name,
    files: JSON.parse(stored.files) as StoredFile[],
    layout: stored.layout as DownloadRow['layout'],
    folder: stored.folder,
    madeFolders: JSON.parse(stored.made_folders) as string[],
    state: stored.state as DownloadRow['state'],
    problem: stored.problem === null ? null : (JSON.parse(stored.problem) as DownloadProblem),
    position: stored.position,
    addedAt: stored.added_at,
    finishedAt: stored.finished_at,
    path: stored.path,
    artifactId: stored.artifact_id,
  };
}
