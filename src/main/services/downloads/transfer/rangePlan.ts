import type { ByteRange, HeldBytes } from './heldBytes.ts';
import type { TransferOptions } from './transferOptions.ts';

/** What a range plan sees of a request under way. */
export interface RunningRequest {
  claim(): ByteRange;
  position(): number;
  readonly speed: { bytesPerSecond(): number };
  readonly ageMs: number;
}

type PlanOptions = Pick<TransferOptions, 'minRequestBytes' | 'usualRequestBytes' | 'maxRequestBytes' | 'requestSeconds'>;

/**
 * The next range to ask for: the first bytes that nobody has or fetches, so that what is held stays nearly without gaps and can be hashed close behind.
 * A request is long enough that waiting for its first byte does not count, and shorter near the end of the file, so that all connections finish together.
 * @param options.bytesPerSecond of the whole transfer; 0 when not known yet
 */
export function nextRange(
  held: HeldBytes,
  options: PlanOptions & {
    readonly sizeBytes: number;
    readonly claims: readonly ByteRange[];
    readonly connections: number;
    readonly bytesPerSecond: number;
  },
): ByteRange | null {
  const gap = held.firstGap(0, options.claims);
  if (gap === null) return null;
  const claimed = options.claims.reduce((sum, claim) => sum + claim.end - claim.start, 0);
  const open = options.sizeBytes - held.bytes() - claimed;
  const wanted = (options.bytesPerSecond / options.connections) * options.requestSeconds;
  const usual = Math.min(options.maxRequestBytes, Math.max(options.usualRequestBytes, wanted));
  const fair = options.connections === 1 ? usual : open / (2 * options.connections);
  const bytes = Math.max(options.minRequestBytes, Math.min(usual, fair));
  const end = Math.ceil((gap.start + bytes) / options.minRequestBytes) * options.minRequestBytes;
  return { start: gap.start, end: Math.min(end, gap.end) };
}

/** Not worth another connection's start. */
const worthSplittingSeconds = 1;
const crawlingSeconds = 3;
/** Of the mean speed of a connection. */
const crawlingShare = 0.2;

/**
 * What to do for a connection that has nothing left to fetch: take half of what the slowest one still has before it.
 * @returns the request and where to split it; null when none is worth it
 */
export function slowestToSplit<Running extends RunningRequest>(
  running: readonly Running[],
  options: PlanOptions,
): { readonly request: Running; readonly at: number } | null {
  // The speed of one that has just begun says nothing yet.
  const settled = running.filter((request) => request.ageMs > worthSplittingSeconds * 1000);
  const rated = settled.map((request) => ({ request, ...outlook(request) })).sort((one, other) => other.seconds - one.seconds);
  const slowest = rated[0];
  if (slowest === undefined || slowest.seconds < worthSplittingSeconds || slowest.bytes < 2 * options.minRequestBytes) return null;
  const middle = slowest.request.position() + slowest.bytes / 2;
  return { request: slowest.request, at: Math.ceil(middle / options.minRequestBytes) * options.minRequestBytes };
}

/**
 * Requests that crawl while a connection usually does far better: they are cut, and what they leave is asked for anew on a fresh connection.
 * @param options.meanBytesPerSecond of one connection over the whole transfer
 */
export function crawlers<Running extends RunningRequest>(
  running: readonly Running[],
  options: { readonly meanBytesPerSecond: number },
): readonly Running[] {
  return running.filter((request) => {
    const { seconds, speed } = outlook(request);
    return request.ageMs > crawlingSeconds * 1000 && seconds > crawlingSeconds && speed < options.meanBytesPerSecond * crawlingShare;
  });
}

function outlook(request: RunningRequest): { readonly bytes: number; readonly speed: number; readonly seconds: number } {
  const bytes = Math.max(0, request.claim().end - request.position());
  const speed = request.speed.bytesPerSecond();
  return { bytes, speed, seconds: bytes / Math.max(1, speed) };
}
