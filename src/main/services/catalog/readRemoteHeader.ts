import { createHash } from 'node:crypto';
import PQueue from 'p-queue';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import type { RemoteHeaderTable } from '#main/storage/remoteHeaderTable.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HubClient, ResolvedFile } from '../hub/hubClient.ts';
import { type HeaderFacts, headerFacts } from './headerFacts.ts';
import { openRemoteFile, type RangePatience } from './remoteFile.ts';
import { shardPaths } from './shardNames.ts';

export interface RemoteReading {
  readonly facts: HeaderFacts;
  /** sha256 of the only file; null for a split model and where the hub does not tell. */
  readonly sha256: string | null;
  /** First part. */
  readonly file: string;
  readonly requests: number;
  readonly bytesRead: number;
}

export interface HeaderWays {
  readonly hub: Pick<HubClient, 'dispatcher' | 'resolve'>;
  readonly table: RemoteHeaderTable;
  readonly patience: RangePatience;
  readonly log: Log;
  readonly now: () => number;
}

export interface HeaderPlace {
  readonly repo: string;
  readonly commit: string;
  /** Of any part. */
  readonly file: string;
  /** Content hash of a path where it is known already, so that nobody has to be asked. */
  readonly contentOf: (path: string) => string | null;
}

const partsAtOnce = 4;
/** Parts after the first hold a tensor list and nothing else. */
const laterFirstBytes = 256_000;
const form = 'v1';

/**
 * Reads the headers of a model on the hub, all parts of a split one, or takes them from what was read before: at most three requests and as
 * many bytes as the header has, a little more.
 * @throws {RpcError} codes of `hubErrors` and of bad GGUF files; shard-missing
 */
export async function readRemoteHeader(place: HeaderPlace, ways: HeaderWays, signal: AbortSignal): Promise<RemoteReading> {
  const paths = shardPaths(place.file);
  const first = paths[0] ?? place.file;
  const known = paths.map((path) => place.contentOf(path));
  const kept = keptFacts(known, ways);
  const reading = kept === null ? null : { facts: kept, sha256: onlySha256(known), file: first, requests: 0, bytesRead: 0 };
  if (reading !== null && isComplete(reading.facts)) return reading;
  try {
    return await readParts(place, ways, signal);
  } catch (error) {
    if (reading === null || signal.aborted) throw error;
    return reading;
  }
}

/** What an older Rightsize kept lacks the types of the values; it is read once more, and does where the hub is out of reach. */
function isComplete(facts: HeaderFacts): boolean {
  return facts.shape.hyperparameterTypes !== undefined;
}

async function readParts(place: HeaderPlace, ways: HeaderWays, signal: AbortSignal): Promise<RemoteReading> {
  const paths = shardPaths(place.file);
  const first = paths[0] ?? place.file;
  const queue = new PQueue({ concurrency: partsAtOnce });
  const files = await inOrder(queue, paths, (path) => resolvePart(path, place, ways, signal));
  const contents = files.map((file) => file.etag);
  const again = keptFacts(contents, ways);
  const sha256 = onlySha256(files.map((file) => file.sha256));
  if (again !== null && isComplete(again)) return { facts: again, sha256, file: first, requests: files.length, bytesRead: 0 };

  const parts = await inOrder(queue, files, (file, index) => readPart(file, index, ways, signal));
  const facts = headerFacts(parts);
  keepFacts(contentKey(contents), facts, ways);
  const requests = parts.reduce((sum, part) => sum + part.requests, files.length);
  return { facts, sha256, file: first, requests, bytesRead: parts.reduce((sum, part) => sum + part.bytesRead, 0) };
}

/**
 * What was read before of a model with these contents.
 * @param contents hash of each part, in order
 * @returns null where nothing was, or a hash is not known
 */
export function keptFacts(contents: readonly (string | null)[], ways: Pick<HeaderWays, 'table' | 'now'>): HeaderFacts | null {
  if (contents.length === 0 || contents.some((content) => content === null)) return null;
  return (ways.table.read(contentKey(contents), ways.now()) as HeaderFacts | undefined) ?? null;
}

async function resolvePart(path: string, place: HeaderPlace, ways: HeaderWays, signal: AbortSignal): Promise<ResolvedFile> {
  try {
    return await ways.hub.resolve({ repo: place.repo, revision: place.commit, path }, { signal });
  } catch (error) {
    const isOtherPart = path !== place.file && error instanceof RpcError && error.code === hubErrors.fileNotFound;
    throw isOtherPart ? partMissing(place.repo, path, error) : error;
  }
}

function partMissing(repo: string, path: string, cause: unknown): RpcError {
  return new RpcError(modelErrors.shardMissing, `${repo} lacks a part of this model: ${path}.`, {
    hint: 'Another quant of the repo may be complete.',
    cause,
  });
}

async function readPart(
  file: ResolvedFile,
  index: number,
  ways: HeaderWays,
  signal: AbortSignal,
): Promise<{ header: GgufHeader; sizeBytes: number; requests: number; bytesRead: number }> {
  const source = openRemoteFile(file, { ...ways, signal, ...(index === 0 ? {} : { firstBytes: laterFirstBytes }) });
  try {
    const reading = await readGgufHeader(source, { signal });
    if (!reading.ok) {
      throw new RpcError(reading.code, `${file.path}: ${reading.message}`, {
        hint: 'The file on the hub is broken or no model. Nothing was downloaded; another quant may be whole.',
      });
    }
    return { header: reading.header, sizeBytes: file.sizeBytes, ...source.cost() };
  } finally {
    source.close();
  }
}

/** Results in the order of the items; the first failure is the failure of all. */
function inOrder<T, R>(queue: PQueue, items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  return Promise.all(items.map((item, index) => queue.add(() => work(item, index))));
}

/** The content itself, or one hash over the contents of all parts. */
function contentKey(contents: readonly (string | null)[]): string {
  const [only] = contents;
  const content = contents.length === 1 && only != null ? only : createHash('sha256').update(contents.join('\n')).digest('hex');
  return `${form} ${content}`;
}

function onlySha256(contents: readonly (string | null)[]): string | null {
  const [only] = contents;
  return contents.length === 1 && only != null && /^[0-9a-f]{64}$/.test(only) ? only : null;
}

function keepFacts(key: string, facts: HeaderFacts, ways: HeaderWays): void {
  try {
    ways.table.write(key, facts, ways.now());
  } catch (error) {
    // A full disk keeps nothing, and takes nothing from the answer.
    ways.log.warn('catalog.header-not-kept', { code: error instanceof RpcError ? error.code : 'internal' });
  }
}
