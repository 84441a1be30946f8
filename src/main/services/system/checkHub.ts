import type { HubAccount } from '#shared/contract/catalog.ts';
import type { DoctorCheck } from '#shared/contract/system.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { canWriteOrMake } from './canWriteOrMake.ts';
import { readDiskSpace } from './diskSpace.ts';

/** What the checks of hub and downloads ask for. None of it goes over the network. */
export interface HubFacts {
  /** As `hub.account` tells it, unverified. @throws {RpcError} when address or proxy make no sense */
  readonly account: () => Promise<HubAccount>;
  /** Where downloads go by the settings. It need not exist yet. */
  readonly downloadsFolder: () => string;
}

/** Whether hub and downloads are set up so that they can work. Asks nobody: whether the hub answers is seen when it is used. */
export async function checkHub(facts: HubFacts): Promise<DoctorCheck[]> {
  return [await checkAddress(facts), await checkDownloadsFolder(facts.downloadsFolder())];
}

async function checkAddress(facts: HubFacts): Promise<DoctorCheck> {
  try {
    const { endpoint, isMirror, token, proxy } = await facts.account();
    const tokens = { none: 'no token', stored: 'a stored token', environment: 'the token of HF_TOKEN' } as const;
    const parts = [`${endpoint}${isMirror ? ' (a mirror)' : ''}`, tokens[token], proxy === null ? 'no proxy' : `proxy ${proxy}`];
    return { id: 'hub', ok: true, detail: `${parts.join(', ')}; not asked`, hint: null };
  } catch (error) {
    const { message, hint } = toRpcErrorData(error);
    return {
      id: 'hub',
      ok: false,
      detail: message,
      hint: hint ?? 'Check mirror and proxy in the settings, and HF_ENDPOINT and HTTPS_PROXY.',
    };
  }
}

async function checkDownloadsFolder(folder: string): Promise<DoctorCheck> {
  const freeBytes = (await readDiskSpace(folder))?.freeBytes ?? null;
  const free = freeBytes === null ? '' : `, ${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (await canWriteOrMake(folder)) return { id: 'downloads', ok: true, detail: `Downloads go to ${folder}${free}`, hint: null };
  return {
    id: 'downloads',
    ok: false,
    detail: `Downloads go to ${folder}, which cannot be written`,
    hint: 'Check its permissions, or choose another folder in the settings.',
  };
}
