import { setTimeout as wait } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { ByteSource } from '#core/gguf/byteSource.ts';
import { formatGigabytes } from '#core/units.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HubClient, ResolvedFile } from '../hub/hubClient.ts';
import { badAnswer } from '../hub/hubRequest.ts';
import { readNetworkError } from '../hub/readHubError.ts';
import { packages } from '../packages.ts';
import { checkRange, expiredAddress } from './checkRange.ts';

/** How long a silent server is waited for, and before which further tries. */
export interface RangePatience {
  readonly silenceMs: number;
  readonly delaysMs: readonly number[];
}

export interface RemoteFile extends ByteSource {
  /** Requests for bytes that were sent, and bytes that came. */
  readonly cost: () => { readonly requests: number; readonly bytesRead: number };
  /** Cuts a range that is still arriving. */
  close(): void;
}

/**
 * Ends of the ranges that are asked for, one after another: the first holds a header without a large vocabulary, the second every header
 * known. A range is read as it arrives and cut where the header ends, so a long one costs no more than a short one.
 */
const rangeEnds = [1_000_000, 16_000_000, 64_000_000] as const;
/** Handed out at once, so that the reader does not take a large window for every packet. */
const portionBytes = 256 * 1024;
const longestLimitMs = 3000;
/** A server that drops every connection after a few bytes is given up. */
const requestLimit = 20;

interface Arriving {
  readonly body: Dispatcher.ResponseData['body'];
  readonly parts: AsyncIterator<Buffer>;
  /** First byte behind the range. */
  readonly end: number;
}

/**
 * A file on the hub as a source of bytes, for reading forward from its start. Only exact ranges are accepted: a server that would send the
 * whole file is refused before it does.
 * @param file resolved
 * @param options.firstBytes of the first range; for parts of a split model, which hold no vocabulary
 * @returns a source whose reads throw RpcError with codes of `hubErrors`, or the signal's reason
 */
export function openRemoteFile(
  file: ResolvedFile,
  options: {
    readonly hub: Pick<HubClient, 'dispatcher' | 'resolve'>;
    readonly patience: RangePatience;
    readonly now: () => number;
    readonly signal?: AbortSignal | undefined;
    readonly firstBytes?: number;
  },
): RemoteFile {
  const { hub, patience, signal } = options;
  const ends = [...new Set([options.firstBytes ?? rangeEnds[0], ...rangeEnds])];
  let address = file;
  let hasNewAddress = false;
  let failures = 0;
  let requests = 0;
  let bytesRead = 0;
  let arriving: Arriving | undefined;
  /** What has come and may still be wanted, and where in the file it starts. */
  let held: Buffer = Buffer.alloc(0);
  let heldStart = 0;

  const heldEnd = (): number => heldStart + held.length;

  async function read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, portionBytes, file.sizeBytes - offset);
    if (wanted <= 0) return new Uint8Array(0);
    moveTo(offset);
    while (heldEnd() < offset + wanted) {
      held = Buffer.concat([held, await nextPart()]);
      moveTo(offset);
    }
    return held.subarray(0, length);
  }

  /** Lets go of what lies before an offset. What a reader steps over within a range arrives and is dropped: cheaper than another request. */
  function moveTo(offset: number): void {
    const passed = Math.min(Math.max(offset - heldStart, 0), held.length);
    held = held.subarray(passed);
    heldStart += passed;
    const isBehind = offset < heldStart;
    const isBeyond = offset > heldEnd() && (arriving === undefined || offset >= arriving.end);
    if (!isBehind && !isBeyond) return;
    close();
    held = Buffer.alloc(0);
    heldStart = offset;
  }

  /** The next bytes behind what is held, asking anew where a connection broke. */
  async function nextPart(): Promise<Buffer> {
    for (;;) {
      try {
        arriving ??= await ask(heldEnd());
        const next = await arriving.parts.next();
        if (next.done === true) {
          const isWhole = heldEnd() >= arriving.end;
          arriving = undefined;
          if (isWhole) continue;
          throw new RpcError(hubErrors.unreachable, 'The connection broke while the header was read.', { hint: 'Try again.' });
        }
        if (heldEnd() + next.value.length > arriving.end) throw badAnswer('The server sends more bytes than it was asked for.');
        bytesRead += next.value.length;
        failures = 0;
        hasNewAddress = false;
        return next.value;
      } catch (error) {
        close();
        await recover(error);
      }
    }
  }

  async function recover(error: unknown): Promise<void> {
    signal?.throwIfAborted();
    const failure = error instanceof RpcError ? error : readNetworkError(error, new URL(address.url).host);
    const delayMs = patience.delaysMs[failures];
    failures += 1;
    if (failure.code === expiredAddress && !hasNewAddress) {
      hasNewAddress = true;
      await resolveAgain();
      return;
    }
    if (delayMs === undefined || requests >= requestLimit || !worthTrying(failure, options.now()))
      throw failure.code === expiredAddress ? refused(file) : failure;
    await wait(delayMs, undefined, signal === undefined ? {} : { signal });
  }

  async function resolveAgain(): Promise<void> {
    requests += 1;
    const again = await hub.resolve({ repo: file.repo, revision: file.commit, path: file.path }, signal === undefined ? {} : { signal });
    if (again.etag !== file.etag || again.sizeBytes !== file.sizeBytes) throw badAnswer('The file changed on the hub while it was read.');
    address = again;
  }

  async function ask(start: number): Promise<Arriving> {
    const limit = ends.find((end) => end > start);
    if (limit === undefined) {
      throw new RpcError(
        modelErrors.invalid,
        `The header of ${file.path} is longer than ${formatGigabytes(rangeEnds[2])}; no real one is.`,
      );
    }
    const end = Math.min(limit, file.sizeBytes);
    for (;;) {
      requests += 1;
      const answer = await packages.undici.request(address.url, {
        dispatcher: await hub.dispatcher(address.url),
        method: 'GET',
        headers: { ...address.headers, range: `bytes=${start}-${end - 1}`, 'accept-encoding': 'identity' },
        headersTimeout: patience.silenceMs,
        bodyTimeout: patience.silenceMs,
        ...(signal === undefined ? {} : { signal }),
      });
      // Cutting it is no failure of anything.
      answer.body.on('error', () => undefined);
      try {
        const next = checkRange(
          answer,
          { start, end, sizeBytes: file.sizeBytes },
          { repo: file.repo, url: address.url, now: options.now() },
        );
        if (next === null) return { body: answer.body, parts: answer.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>, end };
        if (requests >= requestLimit) throw badAnswer('The hub sends from one address to the next without end.');
        // What belongs to one host is not told to another.
        address = { ...address, url: next.href, headers: next.origin === new URL(address.url).origin ? address.headers : {} };
        answer.body.destroy();
      } catch (error) {
        answer.body.destroy();
        throw error;
      }
    }
  }

  function close(): void {
    arriving?.body.destroy();
    arriving = undefined;
  }

  return { sizeBytes: file.sizeBytes, read, close, cost: () => ({ requests, bytesRead }) };
}

function refused(file: ResolvedFile): RpcError {
  return new RpcError(hubErrors.denied, `The hub's storage does not give out ${file.path}.`, {
    hint: 'Try again in a few minutes. The page of the repo says whether it asks for something.',
  });
}

function worthTrying(failure: RpcError, now: number): boolean {
  if (failure.code === hubErrors.unreachable || failure.code === hubErrors.down) return true;
  if (failure.code !== hubErrors.rateLimited) return false;
  return (failure.data as { readonly retryAt: number }).retryAt - now <= longestLimitMs;
}
