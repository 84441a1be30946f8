import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const failuresToOpen = 3;

/** Counts infrastructure failures in a row, per key. Open after three; only `clear` closes it again. */
export interface Breaker {
  recordFailure(key: string, error: RpcError): void;
  recordSuccess(key: string): void;
  clear(key: string): void;
  /** @throws {RpcError} runner-blocked when open. */
  check(key: string): void;
}

export function createBreaker(): Breaker {
  const failures = new Map<string, { count: number; last: RpcError }>();
  return {
    recordFailure(key, error) {
      failures.set(key, { count: (failures.get(key)?.count ?? 0) + 1, last: error });
    },
    recordSuccess(key) {
      const known = failures.get(key);
      // An open breaker is the user's to close.
      if (known !== undefined && known.count < failuresToOpen) failures.delete(key);
    },
    clear: (key) => void failures.delete(key),
    check(key) {
      const known = failures.get(key);
      if (known === undefined || known.count < failuresToOpen) return;
      throw new RpcError(
        modelErrors.runnerBlocked,
        `This model failed ${known.count} times in a row, so it is not started again by itself. Last: ${known.last.message}`,
        {
          hint: 'Choose “Try again” to start it anyway.',
          data: { key, lastCode: known.last.code, last: known.last.data },
        },
      );
    },
  };
}
