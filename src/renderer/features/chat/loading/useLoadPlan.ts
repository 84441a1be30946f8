import { useEffect, useState } from 'react';
import type { LoadPlan } from '#shared/contract/fit.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import { pipeErrors, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { planLoadOf } from '../../../stores/loadSettings.ts';
import { onConnected } from '../../../stores/rpc.ts';

export interface ShownPlan {
  /** The last one that was made; null before the first. */
  readonly plan: LoadPlan | null;
  readonly problem: RpcErrorData | null;
}

/** A slider that is being moved asks for one plan when it rests. */
const restMs = 120;

/** How the model would be loaded with these options, asked again when they or what is free change. The last plan stays while the next is made. */
export function useLoadPlan(id: string, options: LoadOptions, freshness: unknown): ShownPlan {
  const [shown, setShown] = useState<ShownPlan>({ plan: null, problem: null });
  const asked = JSON.stringify(options);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other memory that is free is another plan
  useEffect(() => {
    const ask = async (signal: AbortSignal): Promise<void> => {
      try {
        const plan = await planLoadOf(id, JSON.parse(asked) as LoadOptions, { signal });
        if (!signal.aborted) setShown({ plan, problem: null });
      } catch (thrown) {
        const problem = toRpcErrorData(thrown);
        if (!signal.aborted && problem.code !== pipeErrors.cancelled) setShown({ plan: null, problem });
      }
    };
    let stop: (() => void) | undefined;
    const timer = setTimeout(() => {
      stop = onConnected((signal) => void ask(signal));
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [id, asked, freshness]);
  return shown;
}
