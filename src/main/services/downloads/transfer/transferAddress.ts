import type { Dispatcher } from 'undici';
import { hubErrors } from '#shared/contract/catalog.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { TransferRequest } from './transfer.ts';

/** Where the bytes are for now. */
export interface TransferAddress {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  readonly expiresAt: number | null;
  readonly redirects: number;
  /** Entity tag of the content network, from the first answer; it says nothing about the content, but two of them are two answers. */
  entityTag: string | null;
  /** Bytes have come from here, so a refusal means that it has expired. */
  hasServed: boolean;
}

export interface TransferAddresses {
  /** The address in use; asks the hub where there is none or it has expired. @throws {RpcError} what resolving throws, changed-on-hub */
  current(): Promise<TransferAddress>;
  /** Takes an address out of use. Another one that has replaced it already stays. */
  retire(address: TransferAddress): void;
  isInUse(address: TransferAddress): boolean;
  /** Puts the target of a redirect in the place of an address. @throws {RpcError} hub-answer-invalid */
  redirect(address: TransferAddress, location: string): Promise<void>;
}

const maxRedirects = 5;
/** Headers that are meant for one host. */
const privateHeaders = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Asks the hub for the address of a file once, and again when it is worn out; each time it must still be the same file. */
export function createTransferAddresses(request: TransferRequest, options: { readonly now: () => number }): TransferAddresses {
  let inUse: TransferAddress | null = null;
  let asking: Promise<TransferAddress> | null = null;

  async function ask(): Promise<TransferAddress> {
    const { hub, repo, commit, path, signal } = request;
    const resolved = await hub.resolve({ repo, revision: commit, path }, { signal });
    const isSame =
      resolved.sizeBytes === request.sizeBytes &&
      (request.sha256 === null || resolved.sha256 === null || resolved.sha256 === request.sha256) &&
      (request.gitSha1 === null || resolved.gitSha1 === null || resolved.gitSha1 === request.gitSha1) &&
      (request.sha256 === null) === (resolved.sha256 === null);
    if (!isSame) throw changedOnHub();
    const url = new URL(resolved.url);
    return {
      url,
      headers: resolved.headers,
      dispatcher: await hub.dispatcher(url.href),
      // One that has expired already says that this clock is wrong; a refusal will say it then.
      expiresAt: resolved.expiresAt !== null && resolved.expiresAt > options.now() ? resolved.expiresAt : null,
      redirects: 0,
      entityTag: null,
      hasServed: false,
    };
  }

  async function valid(): Promise<TransferAddress> {
    if (inUse !== null && (inUse.expiresAt === null || inUse.expiresAt > options.now())) return inUse;
    inUse = null;
    asking ??= ask().finally(() => {
      asking = null;
    });
    inUse = await asking;
    return inUse;
  }

  return {
    async current() {
      const address = await valid();
      // The user may have changed the proxy since the hub gave the address.
      const dispatcher = await request.hub.dispatcher(address.url.href);
      if (dispatcher === address.dispatcher) return address;
      const moved = { ...address, dispatcher };
      if (inUse === address) inUse = moved;
      return moved;
    },
    retire(address) {
      if (inUse === address) inUse = null;
    },
    isInUse: (address) => inUse === address,
    async redirect(address, location) {
      const url = URL.parse(location, address.url);
      const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && address.url.protocol === 'http:'));
      if (!isSafe || address.redirects >= maxRedirects) {
        throw new RpcError(
          hubErrors.badAnswer,
          'The hub sends the download in circles or to an address that cannot be used. What was downloaded is kept.',
          {
            hint: 'Try again later.',
          },
        );
      }
      const headers =
        url.origin === address.url.origin
          ? address.headers
          : Object.fromEntries(Object.entries(address.headers).filter(([name]) => !privateHeaders.has(name.toLowerCase())));
      const dispatcher = await request.hub.dispatcher(url.href);
      if (inUse === address)
        inUse = { ...address, url, headers, dispatcher, redirects: address.redirects + 1, entityTag: null, hasServed: false };
    },
  };
}

function changedOnHub(): RpcError {
  return new RpcError(
    downloadErrors.changedOnHub,
    'The file on the hub is not the one this download began with. Nothing of the two was mixed.',
    {
      hint: 'Ask for the model anew to get the new file.',
    },
  );
}
