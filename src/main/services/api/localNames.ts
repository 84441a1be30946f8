import { hostname, networkInterfaces } from 'node:os';

/**
 * Names and addresses under which other devices of the network know this machine, as a `Host` header writes them. Read anew each time: a laptop changes
 * its address.
 */
export function localNames(): ReadonlySet<string> {
  const name = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  // A browser's address bar knows no scope: `fe80::1%eth0` is left out of what a Host header can say.
  const written = addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address.toLowerCase()}]` : address));
  return new Set([...written, name, ...(name.includes('.') ? [] : [`${name}.local`])]);
}

/** Addresses that other devices reach this machine at, IPv4 first. */
export function lanUrls(port: number): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const reachable = addresses.filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80'));
  return reachable
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address, family }) => `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
}
