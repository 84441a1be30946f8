import { useEffect, useState } from 'react';

/** The value, at most once in `everyMs`; 0 = every change at once. The last value always arrives. */
export function useThrottled<Value>(value: Value, options: { readonly everyMs: number }): Value {
  const { everyMs } = options;
  const [shown, setShown] = useState({ value, at: 0 });
  useEffect(() => {
    if (everyMs === 0) return;
    const wait = Math.max(0, shown.at + everyMs - performance.now());
    const timer = setTimeout(() => setShown({ value, at: performance.now() }), wait);
    return () => clearTimeout(timer);
  }, [value, everyMs, shown.at]);
  return everyMs === 0 ? value : shown.value;
}
