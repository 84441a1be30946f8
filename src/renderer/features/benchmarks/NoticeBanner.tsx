import { dismissBenchmarkNotice, useBenchmarks } from '../../stores/benchmarks.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';

/** What the last action failed with, until it is dismissed. */
export function NoticeBanner() {
  const notice = useBenchmarks((state) => state.notice);
  if (notice === null) return null;
  return (
    <Banner
      tone="bad"
      title={notice.message}
      className="pane-banner"
      actions={
        <Button size="sm" onClick={dismissBenchmarkNotice}>
          Dismiss
        </Button>
      }
    >
      {notice.hint}
    </Banner>
  );
}
