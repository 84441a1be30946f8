import { BlockList, isIP } from 'node:net';
import { isNearby } from '../endpoints/endpointAddress.ts';

/**
 * Whether a host may be asked: by its name, or by `*.name` for those below it. `name:port` allows one port alone.
 * @param hosts as a person wrote them
 */
export function isAllowedHost(url: URL, hosts: readonly string[]): boolean {
  return hosts.some((host) => {
    const allowed = host.trim().toLowerCase().replace(/\.$/, '');
    if (isExact(url, allowed)) return true;
    // Below a name there is nothing of this machine or its network, and no address.
    return allowed.startsWith('*.') && allowed.length > 2 && !isNearby(url.hostname) && nameOf(url).endsWith(allowed.slice(1));
  });
}

/** Whether this machine or a private network was named as such, so that it is no surprise that it is asked. */
export function isNamedNearby(url: URL): boolean {
  return isNearby(url.hostname) || (isIP(addressOf(url)) !== 0 && isPrivateAddress(addressOf(url)));
}

/** This machine, private networks, and what is no address of one other machine (RFC 6890). */
export function isPrivateAddress(address: string): boolean {
  return privateAddresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function isExact(url: URL, allowed: string): boolean {
  return allowed === nameOf(url) || allowed === addressOf(url) || allowed === `${nameOf(url)}:${portOf(url)}`;
}

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80');
const nameOf = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, '');
const addressOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6');
}
