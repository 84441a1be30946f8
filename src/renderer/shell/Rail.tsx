import { formatPercent } from '#core/units.ts';
import { addressOf, useRoute } from '../router.ts';
import { useBenchmarks } from '../stores/benchmarks.ts';
import { useServer } from '../stores/server.ts';
import { Icon } from '../ui/Icon.tsx';
import { RailFooter } from './RailFooter.tsx';
import { screenOf, screens } from './screens.ts';

/** The screens, and what is loaded. Icons only below 1100 px. */
export function Rail() {
  const current = screenOf(useRoute());
  return (
    <nav className="rail" aria-label="Main">
      {screens.map((screen, index) => (
        <div key={screen.name}>
          {screen.group ? <div className="gap" /> : null}
          <a
            href={addressOf(screen.route)}
            title={screen.name}
            aria-current={screen.name === current ? 'page' : undefined}
            aria-keyshortcuts={`Control+${index + 1}`}
          >
            <Icon of={screen.icon} />
            <span>{screen.name}</span>
            {screen.name === 'Benchmark' ? <RunningShare /> : null}
            {screen.name === 'Server' ? <ServerIsOn /> : null}
          </a>
        </div>
      ))}
      <RailFooter />
    </nav>
  );
}

/** How far the benchmark that runs has come. */
function RunningShare() {
  const running = useBenchmarks((state) => state.runs?.find((run) => run.state === 'running'));
  if (running === undefined || running.total === 0) return null;
  return (
    <span className="n" aria-hidden="true">
      {formatPercent(Math.floor((running.done / running.total) * 100) / 100)}
    </span>
  );
}

/** Whether other programs can ask now. */
function ServerIsOn() {
  const state = useServer(({ server }) => server?.state);
  if (state !== 'running') return null;
  return (
    <span className="n row gap-1">
      <span className="dot ok" />
      on
    </span>
  );
}
