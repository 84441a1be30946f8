import { isIPv6 } from 'node:net';

/** Counts the wrong keys of each address, so that keys cannot be tried one after the other. */
export interface KeyThrottle {
  /** Seconds until this address may try again; 0 where it may now. */
  waitSeconds(address: string): number;
  noteWrong(address: string): void;
}

/** So many wrong keys at once, and one more after each pause. A program of this machine that was set up wrong asks often, and its user sits before it. */
const allowances = {
  local: { atOnce: 100, pauseMs: 100 },
  remote: { atOnce: 10, pauseMs: 6_000 },
} as const;
/** Of one more than these the one that was quiet longest is forgotten: memory does not grow with who asks. */
const mostAddresses = 256;

/** Whether a connection comes from this machine itself. */
export const isLocalAddress = (address: string): boolean => /^(?:::ffff:)?127\./.test(address) || address === '::1';

/** @param now milliseconds of any clock that does not go back */
export function createKeyThrottle(now: () => number): KeyThrottle {
  /** When all of an address's wrong keys will be forgiven; those that were noted last stand last. */
  const forgivenAt = new Map<string, number>();

  return {
    waitSeconds(address) {
      const { atOnce, pauseMs } = allowanceOf(address);
      const openAt = (forgivenAt.get(nameOf(address)) ?? 0) - (atOnce - 1) * pauseMs;
      return Math.max(0, Math.ceil((openAt - now()) / 1000));
    },
    noteWrong(address) {
      const name = nameOf(address);
      const before = Math.max(now(), forgivenAt.get(name) ?? 0);
      forgivenAt.delete(name);
      forgivenAt.set(name, before + allowanceOf(address).pauseMs);
      const oldest = forgivenAt.keys().next();
      if (forgivenAt.size > mostAddresses && oldest.done !== true) forgivenAt.delete(oldest.value);
    },
  };
}

const allowanceOf = (address: string) => (isLocalAddress(address) ? allowances.local : allowances.remote);

/** A device has as many addresses of its network (the first 64 bits) as it likes. */
function nameOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address.replace(/^::ffff:/, '');
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const groups = before.split(':');
  const zeros = after === undefined ? 0 : 8 - groups.length - after.split(':').length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...(after ?? '').split(':')].slice(0, 4).join(':');
}
