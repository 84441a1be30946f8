import { useMemo } from 'react';
import { useBenchmarks } from '../../stores/benchmarks.ts';

/** Suite names by id; an unknown id names itself. */
export function useSuiteNames(): (id: string) => string {
  const suites = useBenchmarks((state) => state.suites);
  return useMemo(() => {
    const names = new Map(suites.state === 'ready' ? suites.value.map((suite) => [suite.id, suite.name]) : []);
    return (id) => names.get(id) ?? id;
  }, [suites]);
}
