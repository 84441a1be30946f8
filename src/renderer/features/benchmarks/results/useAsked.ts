import { useCallback, useEffect, useRef, useState } from 'react';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { Loadable } from '../../../stores/benchmarks.ts';

/**
 * Asks the app for what one view shows, and forgets it with the view.
 * @param key what is asked; another key asks anew and shows nothing old.
 * @returns the answer, and how to ask again: what is shown stays until the new answer is here.
 */
export function useAsked<Value>(
  key: string,
  ask: (options: { readonly signal: AbortSignal }) => Promise<Value>,
): { readonly answer: Loadable<Value>; readonly again: () => void } {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly loaded: Loadable<Value> }>({ key, loaded: { state: 'loading' } });
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const asked = new AbortController();
    latest.current({ signal: asked.signal }).then(
      (value) => {
        if (!asked.signal.aborted) setAnswer({ key, loaded: { state: 'ready', value } });
      },
      (thrown: unknown) => {
        if (!asked.signal.aborted) setAnswer({ key, loaded: { state: 'failed', problem: toRpcErrorData(thrown) } });
      },
    );
    return () => asked.abort();
  }, [key, attempt]);
  const again = useCallback(() => setAttempt((before) => before + 1), []);
  return { answer: answer.key === key ? answer.loaded : { state: 'loading' }, again };
}
