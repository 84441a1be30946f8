import { useEffect, useRef, useState } from 'react';

/**
 * A value that shows at once and is handed on when it has rested, or when the component goes.
 * @param source the value from outside; a change there replaces what shows unless something waits to be handed on.
 */
export function useDebounced<Value>(
  source: Value,
  options: { readonly onCommit: (value: Value) => void; readonly restMs: number },
): readonly [Value, (value: Value) => void] {
  const { onCommit, restMs } = options;
  const [waiting, setWaiting] = useState<{ readonly value: Value } | null>(null);
  const latest = useRef({ waiting, onCommit });
  useEffect(() => {
    latest.current = { waiting, onCommit };
  });
  useEffect(() => {
    if (waiting === null) return;
    const timer = setTimeout(() => {
      latest.current.onCommit(waiting.value);
      setWaiting(null);
    }, restMs);
    return () => clearTimeout(timer);
  }, [waiting, restMs]);
  useEffect(
    () => () => {
      if (latest.current.waiting !== null) latest.current.onCommit(latest.current.waiting.value);
    },
    [],
  );
  return [waiting === null ? source : waiting.value, (value) => setWaiting({ value })];
}
