import { formatGigabytes } from '#core/units.ts';
import type { Access, CatalogQuant, CatalogRepo, RemoteHeader } from '#shared/contract/catalog.ts';

export interface RepoNotice {
  readonly id: string;
  readonly tone: 'bad' | 'warn' | 'acc';
  readonly title: string;
  readonly text: string;
  /** What can be done about it here. */
  readonly actions: readonly ('settings' | 'page' | 'check-again' | 'library')[];
}

interface NoticeFacts {
  readonly repo: CatalogRepo;
  readonly quant: CatalogQuant;
  /** A quant or file that was asked for by name and is not in the repo. */
  readonly missing: string | null;
  readonly header: RemoteHeader | null;
  readonly access: Access | undefined;
  /** The name or the hub says that it takes pictures. */
  readonly isVision: boolean;
  readonly freeBytes: number | null;
  readonly isInstalled: boolean;
}

/** Everything that would disappoint after the download, said before it; worst first. */
export function repoNotices(facts: NoticeFacts): readonly RepoNotice[] {
  const { repo, quant, missing, header, isVision } = facts;
  const notices: (RepoNotice | null)[] = [
    architectureNotice(repo, header),
    facts.isInstalled ? null : accessNotice(repo, facts.access),
    shardNotice(quant),
    facts.isInstalled ? null : diskNotice(quant, facts.freeBytes),
    isVision && repo.projectors.length === 0
      ? {
          id: 'projector',
          tone: 'warn',
          title: 'Text only from here',
          text: 'The model takes pictures, and this repository has no projector for them. It will answer text.',
          actions: [],
        }
      : null,
    missing === null
      ? null
      : {
          id: 'missing',
          tone: 'warn',
          title: `${missing} is not in this repository`,
          text: `${quant.type ?? quant.file} is selected instead.`,
          actions: [],
        },
    ...(header?.mismatches ?? []).map(
      (mismatch): RepoNotice => ({
        id: `mismatch-${mismatch.field}`,
        tone: 'warn',
        title: 'The name and the file disagree',
        text: mismatch.sentence,
        actions: [],
      }),
    ),
  ];
  return notices.filter((notice) => notice !== null);
}

function architectureNotice(repo: CatalogRepo, header: RemoteHeader | null): RepoNotice | null {
  if (repo.isArchitectureSupported !== false) return null;
  const architecture = header?.architecture ?? repo.architecture;
  return {
    id: 'architecture',
    tone: 'bad',
    title: 'This engine cannot run it',
    text: `${architecture === null ? 'Its architecture' : `The architecture ${architecture}`} is not known to the engine of this version. It can be downloaded and will not load.`,
    actions: [],
  };
}

function accessNotice(repo: CatalogRepo, access: Access | undefined): RepoNotice | null {
  if (repo.gated === 'no') return null;
  switch (access) {
    case 'token-needed':
      return {
        id: 'access',
        tone: 'warn',
        title: 'It needs a Hugging Face token',
        text: 'The publisher asks you to accept a license first. Accept it on the model page, then save a read token in Settings.',
        actions: ['page', 'settings', 'check-again'],
      };
    case 'licence-not-accepted':
      return {
        id: 'access',
        tone: 'warn',
        title: repo.gated === 'manual' ? 'Access has to be asked for' : 'Its license has to be accepted first',
        text:
          repo.gated === 'manual'
            ? 'The publisher grants access by hand. Ask for it on the model page; it may take days.'
            : 'Accept it on the model page with the account of your token, then check again.',
        actions: ['page', 'check-again'],
      };
    case 'denied':
      return {
        id: 'access',
        tone: 'bad',
        title: 'Access was refused',
        text: 'The publisher refused this account, or the repository is private. Another account’s token may open it.',
        actions: ['page', 'settings'],
      };
    case 'unknown':
      return {
        id: 'access',
        tone: 'warn',
        title: 'It is gated',
        text: 'Whether your account may fetch it could not be asked. The download will tell.',
        actions: ['page', 'check-again'],
      };
    case 'open':
    case 'granted':
    case undefined:
      return null;
  }
}

function shardNotice({ missingShards, files }: CatalogQuant): RepoNotice | null {
  if (missingShards.length === 0) return null;
  const total = files.length + missingShards.length;
  return {
    id: 'shards',
    tone: 'bad',
    title: 'The repository is not complete',
    text: `${missingShards.length === 1 ? `Part ${missingShards[0]}` : `Parts ${missingShards.join(', ')}`} of ${total} of this quant ${missingShards.length === 1 ? 'is' : 'are'} missing, so it would not load.`,
    actions: ['page'],
  };
}

function diskNotice(quant: CatalogQuant, freeBytes: number | null): RepoNotice | null {
  if (freeBytes === null || quant.sizeBytes <= freeBytes) return null;
  return {
    id: 'disk',
    tone: 'bad',
    title: 'Not enough disk space',
    text: `${quant.type ?? 'It'} is ${formatGigabytes(quant.sizeBytes)}. ${formatGigabytes(freeBytes)} is free, so ${formatGigabytes(quant.sizeBytes - freeBytes)} more is needed.`,
    actions: ['library'],
  };
}
