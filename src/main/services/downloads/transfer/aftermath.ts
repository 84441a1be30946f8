import type { FetchContext, RunningFetch } from './fetchMissing.ts';
import type { RequestEnd } from './rangeRequest.ts';
import type { TransferAddress } from './transferAddress.ts';
import type { TransferOptions } from './transferOptions.ts';
import { giveUp, goneFromHub, type TransferProblem, transferProblems } from './transferProblems.ts';

/** What follows from how a request ended. */
export interface Aftermath {
  /**
   * Draws the conclusions for the whole transfer and sits out what has to be.
   * @param failures of this connection in a row so far
   * @returns failures in a row, this one included
   * @throws {RpcError} what does not go away by itself
   */
  goOn(end: RequestEnd, entry: RunningFetch, address: TransferAddress, failures: number): Promise<number>;
  /** Something arrived on some connection, so earlier refusals do not count any more. */
  bytesCame(): void;
}

/** Refusals in a row, each of a fresh address, before it is given up. */
const maxDenials = 6;
const maxGone = 3;
/** Different tags from one address before tags are no longer compared: some caches give every answer its own. */
const maxOtherTags = 2;
/** Connections in a row that brought nothing before the hub is asked for another address. */
const failuresBeforeAsking = 2;
/** An answer that brought so much was worth its request. */
const usefulBytes = 64 * 1024;

/** Time before the next try: twice as long each time, and not for all connections at once. */
export function retryMs(options: Pick<TransferOptions, 'firstRetryMs' | 'longestRetryMs' | 'random'>, failures: number): number {
  return Math.min(options.longestRetryMs, options.firstRetryMs * 2 ** Math.min(failures - 1, 20)) * (0.5 + options.random() / 2);
}

export function createAftermath(context: FetchContext): Aftermath {
  const { options, held, running, policy, waiting, addresses, memory, now } = context;
  let denials = 0;
  let gone = 0;
  let otherTags = 0;
  let oddAnswers = 0;
  let fruitless = 0;

  async function goOn(end: RequestEnd, entry: RunningFetch, address: TransferAddress, failures: number): Promise<number> {
    const claim = entry.claim();
    const isWhole = claim.start >= claim.end;
    const failed = async (problem: TransferProblem, waitMs = 0): Promise<number> => {
      await waiting.rest(Math.max(retryMs(options, failures + 1), waitMs), problem);
      return failures + 1;
    };
    switch (end.kind) {
      case 'stopped':
        return failures;
      case 'ended':
      case 'cut': {
        if (isWhole) return 0;
        held.suspect(claim.start);
        if (entry.writtenBytes() >= usefulBytes) return 0;
        // Perhaps the host behind the address is the trouble: the hub, or the mirror chosen meanwhile, may name another.
        if (entry.receivedBytes() === 0 && failures >= failuresBeforeAsking) addresses.retire(address);
        // One stream that always breaks at the same place begins at the start of the file each time.
        fruitless = entry.writtenBytes() === 0 && entry.receivedBytes() > 0 ? fruitless + 1 : 0;
        if (fruitless >= options.maxOddAnswers) throw giveUp(transferProblems.odd('a file that ends too early'));
        if (end.kind === 'cut' && end.error === null) return await failed(transferProblems.silent());
        return await failed(transferProblems.unreachable(end.kind === 'cut' ? nameOf(end.error) : 'the answer was too short'));
      }
      case 'redirect':
        await addresses.redirect(address, end.location);
        return failures;
      case 'denied': {
        if (!addresses.isInUse(address)) return failures;
        const receiving = [...running].filter((other) => other.hasBegun()).length;
        // A fresh address is not worn out, so this connection is one too many.
        if (!address.hasServed && receiving > 0) {
          policy.limitTo(receiving);
          memory.countsConnections = true;
          return failures;
        }
        denials++;
        // A server that counts connections may not have noticed yet that the one before has ended.
        if (memory.countsConnections && denials === 1) return await failed(transferProblems.denied());
        addresses.retire(address);
        if (denials >= maxDenials) throw giveUp(transferProblems.denied());
        return denials === 1 ? failures : await failed(transferProblems.denied());
      }
      case 'gone':
        addresses.retire(address);
        gone++;
        if (gone >= maxGone) throw goneFromHub();
        return await failed(transferProblems.odd('"not found"'));
      case 'limited':
        policy.easeOff();
        waiting.close(now() + Math.max(retryMs(options, failures + 1), end.waitMs), transferProblems.rateLimited());
        return failures + 1;
      case 'down':
        return await failed(transferProblems.down(), end.waitMs);
      case 'not-the-hub':
        addresses.retire(address);
        return await failed(transferProblems.notTheHub());
      case 'other-tag':
        // The hub is asked whether it is still the same file; where it is, the hash decides.
        otherTags++;
        if (otherTags > maxOtherTags) memory.comparesTags = false;
        addresses.retire(address);
        return failures + 1;
      case 'odd':
        addresses.retire(address);
        oddAnswers++;
        if (oddAnswers >= options.maxOddAnswers) throw giveUp(transferProblems.odd(end.what));
        return await failed(transferProblems.odd(end.what));
    }
  }

  return {
    goOn,
    bytesCame() {
      denials = gone = oddAnswers = 0;
    },
  };
}

function nameOf(error: Error | null): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : 'no answer';
}
