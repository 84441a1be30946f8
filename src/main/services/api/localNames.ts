import { hostname, networkInterfaces } from 'node:os';

/** What home routers and systems put behind a machine's name. No public name ends so: nobody else can point one at this machine. */
const privateEndings = ['local', 'lan', 'home.arpa', 'internal', 'localdomain'];
/** This machine, to the containers that run on it. */
const containerNames = ['host.docker.internal', 'host.containers.internal'];

/**
 * Names and addresses under which other devices of the network know this machine, as a `Host` header writes them. Read anew each time: a laptop changes
 * its address.
 */
export function localNames(): ReadonlySet<string> {
  const name = hostname().toLowerCase();
  const [short = name] = name.split('.');
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  // A `Host` header knows no scope: of `fe80::1%eth0` only the address is written.
  const written = addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address.toLowerCase()}]` : address));
  return new Set([...written, name, short, ...privateEndings.map((ending) => `${short}.${ending}`), ...containerNames]);
}

/** Addresses that other devices reach this machine at, IPv4 first. */
export function lanUrls(port: number): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const reachable = addresses.filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80'));
  return reachable
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address, family }) => `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
}
