import type { HubAccount } from '#shared/contract/catalog.ts';
import type { About } from '#shared/contract/system.ts';

/** @returns where the token is or would be kept, and how well protected that is. */
export function keptWords(account: Pick<HubAccount, 'token' | 'isProtected'>, host: About['host'] | null): string {
  if (account.token === 'environment')
    return 'Read from HF_TOKEN in the environment; Rightsize does not keep it. To change it, start Rightsize without.';
  if (account.isProtected) return 'Kept encrypted, with a key in your system’s keychain.';
  const place = 'Kept unencrypted in a file of the data folder that only your account may read';
  return host === 'desktop' ? `${place}: this system offers no keychain.` : `${place}.`;
}

/** @returns where the token goes. */
export function sentWords(account: Pick<HubAccount, 'endpoint' | 'isMirror'>): string {
  if (account.isMirror) return 'Sent to the hub itself only, never to the mirror.';
  const host = URL.canParse(account.endpoint) ? new URL(account.endpoint).host : account.endpoint;
  return `Sent to ${host} only.`;
}
