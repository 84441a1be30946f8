import { dismissBenchmarkNotice, useBenchmarks } from '../../stores/benchmarks.ts';
import { FailureBanner } from '../../ui/FailureBanner.tsx';

/** What the last action failed with, until it is dismissed. */
export function NoticeBanner() {
  const notice = useBenchmarks((state) => state.notice);
  return <FailureBanner problem={notice} onDismiss={dismissBenchmarkNotice} />;
}
