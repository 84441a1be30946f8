import { groupRepoFiles } from '#core/catalog/groupRepoFiles.ts';
import type { RepoFile, RepoFiles, RepoQuant } from '#core/catalog/repoFile.ts';
import { readName } from '#core/names/readName.ts';
import type { DownloadRow, StoredFile } from '#main/storage/downloadTable.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import type { DownloadRequest } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HubClient } from '../hub/hubClient.ts';
import { requireSafeParts } from './placement/folderGuard.ts';
import { requireAccess } from './requireAccess.ts';

/** What a job is made of, before it has a place. */
export type DownloadPlan = Pick<DownloadRow, 'repo' | 'revision' | 'commit' | 'quant' | 'name' | 'files'>;

/**
 * Finds out what a request means: which files at which commit, how large, with which hashes, and whether they may be fetched.
 * @throws {RpcError} codes of `hubErrors`; nothing was written then
 */
export async function planDownload(
  hub: HubClient,
  request: DownloadRequest,
  options: { readonly signal: AbortSignal },
): Promise<DownloadPlan> {
  requireSafeParts(request.repo);
  requireSafeParts(request.file);
  const { signal } = options;
  const info = await hub.modelInfo(request.repo, { revision: request.revision, signal });
  const { repo, commit } = info;
  requireSafeParts(repo);
  if (!/^[0-9a-f]{40}$/.test(commit)) throw badAnswer('The hub names a commit that is none.');
  if (info.isDisabled)
    throw new RpcError(hubErrors.gone, `${repo} was taken down by the hub.`, { hint: 'Look for another packager of the same model.' });
  if (info.gated !== 'no') await requireAccess(hub, repo, { signal });

  const groups = groupRepoFiles(await hub.listFiles(repo, { commit, signal }));
  const quant = requireQuant(groups, { repo, file: request.file });
  const projector = request.withProjector ? groups.projectors[0] : undefined;
  const files: StoredFile[] = [];
  for (const file of quant.files) files.push(await planFile(hub, { repo, commit, file, role: 'model', signal }));
  if (projector !== undefined) files.push(await planFile(hub, { repo, commit, file: projector, role: 'mmproj', signal }));
  const contents = new Set(files.map((file) => file.sha256 ?? file.gitSha1));
  if (contents.size < files.length) throw badAnswer('Two parts of this quant are the same file, so it can never be whole.');
  const name = readName(`${repo}/${quant.file}`).displayName || (repo.split('/')[1] ?? repo);
  return { repo, revision: request.revision, commit, quant: quant.type, name, files };
}

/** A name may claim 99,999 parts. */
const namedShards = 5;

function requireQuant(groups: RepoFiles, { repo, file }: { readonly repo: string; readonly file: string }): RepoQuant {
  const quant = groups.quants.find((candidate) => candidate.files.some((part) => part.path === file));
  if (quant === undefined) throw quantNotFound(groups, { repo, file });
  if (quant.missingShards.length === 0) return quant;
  const total = Number(/-of-(\d{5})\.gguf$/i.exec(quant.file)?.[1] ?? quant.files.length + quant.missingShards.length);
  const more = quant.missingShards.length > namedShards ? ' and more' : '';
  const missing = `${quant.missingShards.slice(0, namedShards).join(', ')}${more}`;
  throw new RpcError(hubErrors.fileNotFound, `${repo} lacks part ${missing} of ${total} of this quant.`, {
    hint: 'The upload is not complete. Nothing was fetched. Take another quant, or try again later.',
  });
}

function quantNotFound(groups: RepoFiles, { repo, file }: { readonly repo: string; readonly file: string }): RpcError {
  const isExtra = [...groups.projectors, ...groups.others].some((extra) => extra.path === file);
  const names = groups.quants.slice(0, 30).map((quant) => quant.type ?? quant.file);
  const there = names.length === 0 ? 'It holds no GGUF model at all.' : `It has ${names.join(', ')}.`;
  return isExtra
    ? new RpcError(hubErrors.quantNotFound, `${file} is an addition to a model and no model.`, {
        hint: `A projector comes along with every quant of the repo. ${there}`,
      })
    : new RpcError(hubErrors.quantNotFound, `${repo} has no model file ${file}.`, { hint: there });
}

/** A file as the job keeps it. A hub that lists no hash is asked once more for this one file. */
async function planFile(
  hub: HubClient,
  request: {
    readonly repo: string;
    readonly commit: string;
    readonly file: RepoFile;
    readonly role: StoredFile['role'];
    readonly signal: AbortSignal;
  },
): Promise<StoredFile> {
  const { repo, commit, role, signal } = request;
  const { path } = request.file;
  requireSafeParts(path);
  const hasHash = request.file.sha256 !== null || request.file.gitSha1 !== null;
  const { sizeBytes, sha256, gitSha1 } = hasHash ? request.file : await hub.resolve({ repo, revision: commit, path }, { signal });
  const isHash = sha256 === null ? /^[0-9a-f]{40}$/.test(gitSha1 ?? '') : /^[0-9a-f]{64}$/.test(sha256);
  if (!isHash) throw badAnswer(`The hub tells no hash of ${path}: whether it arrives whole could not be told.`);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw badAnswer(`The hub tells no size of ${path}.`);
  return { file: path, role, sizeBytes, sha256, gitSha1: sha256 === null ? gitSha1 : null, bytesDone: 0, verified: null };
}

const badAnswer = (message: string): RpcError =>
  new RpcError(hubErrors.badAnswer, message, { hint: 'Nothing was fetched. Try again; where a mirror is set, try without it.' });
