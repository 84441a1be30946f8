import { isDesktop } from '../hostPipe.ts';

/** Hosts that the desktop app hands to the browser; it refuses all others, so those show their address instead. */
const openedByDesktop: ReadonlySet<string> = new Set(['huggingface.co', 'github.com']);

/** Whether a link to an address leads somewhere: https only, and on the desktop only to hosts that it opens. */
export function opensOutside(address: string): boolean {
  if (!address.startsWith('https://') || !URL.canParse(address)) return false;
  return !isDesktop || openedByDesktop.has(new URL(address).hostname);
}
