import type { RpcErrorData } from '#shared/rpc/rpcError.ts';

/** How a run is asked to end before its end: by the user, or because the app closes. Every finished sample stays where it is. */
export type StopRequest = 'pause' | 'pause-now' | 'close' | 'cancel';

/** The reins of one run. `signal` aborts what is being made right now; a pause lets that finish first. */
export interface RunControl {
  readonly requested: StopRequest | null;
  readonly signal: AbortSignal;
  /** Why, where nobody asked for it but the run's own plan. */
  readonly reason: RpcErrorData | null;
  /** The request that ends more wins: cancel over closing over pausing. */
  request(stop: StopRequest, reason?: RpcErrorData): void;
}

const strength: Readonly<Record<StopRequest, number>> = { pause: 1, 'pause-now': 2, close: 3, cancel: 4 };

/** Makes the reins of a run that nobody has pulled yet. */
export function createRunControl(): RunControl {
  const controller = new AbortController();
  let requested: StopRequest | null = null;
  let reason: RpcErrorData | null = null;
  return {
    get requested() {
      return requested;
    },
    get reason() {
      return reason;
    },
    signal: controller.signal,
    request: (stop, why) => {
      if (requested === null || strength[stop] > strength[requested]) {
        requested = stop;
        reason = why ?? null;
      }
      if (stop !== 'pause') controller.abort();
    },
  };
}
