import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { isLoopback } from '../hub/hubEndpoint.ts';

/**
 * Reads the address of an endpoint as it is stored: no name and password, no query, no slash at its end.
 * @param example of an address as it should look
 * @throws {RpcError} bad-input
 */
export function readEndpointAddress(text: string, example = 'http://127.0.0.1:11434/v1 or https://name.example/v1'): string {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw badAddress('This is not the address of a server.', `It should look like ${example}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw badAddress('A name or password stands in the address.', 'Leave it out there, and enter it as the key.');
  }
  if (url.search !== '' || url.hash !== '') throw badAddress('The address goes on behind ? or #.', 'Leave that part out.');
  return url.href.replace(/\/+$/, '');
}

/**
 * Whether what is sent there can be read on the way by nobody outside: https, this machine, or a private network by its address
 * (RFC 1918, RFC 4193, RFC 6598, link-local) or by a name that no public server has.
 */
export function isGuardedWay(address: string): boolean {
  const url = new URL(address);
  return url.protocol === 'https:' || isNearby(url.hostname);
}

/** This machine or a private network: no proxy stands on the way there. */
export function isNearby(hostname: string): boolean {
  const host = hostname.toLowerCase();
  if (isLoopback(host)) return true;
  if (host.startsWith('[')) return /^\[(f[cd]|fe[89ab])/.test(host);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPrivateIpv4(host);
  return !host.includes('.') || /\.(localhost|local|lan|internal|home\.arpa)$/.test(host);
}

function isPrivateIpv4(host: string): boolean {
  const [first = 0, second = 0] = host.split('.').map(Number);
  if (first === 10) return true;
  if (first === 172) return second >= 16 && second <= 31;
  if (first === 192) return second === 168;
  if (first === 169) return second === 254;
  return first === 100 && second >= 64 && second <= 127;
}

function badAddress(message: string, hint: string): RpcError {
  return new RpcError(pipeErrors.badInput, message, { hint });
}
