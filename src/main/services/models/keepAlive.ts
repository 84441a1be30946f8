import type { SettingsService } from '../settings/settingsService.ts';
import type { RunnerEntry } from './runnerEntries.ts';

/** The longest that a timer counts: beyond, about 24 days, nobody waits for it. */
const longestMs = 2 ** 31 - 1;

/** Counts down from the last use of a model to its unloading. A change of the settings starts the count anew. */
export function createKeepAlive(options: {
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  /** Minutes by the model's own settings; null = as the app's say. */
  readonly minutesOf: (artifactId: string) => number | null;
  readonly now: () => number;
  readonly onCount: (entry: RunnerEntry, unloadsAt: number | null) => void;
  readonly onExpired: (entry: RunnerEntry) => void;
}) {
  const { now, onCount, onExpired } = options;
  const timers = new Map<RunnerEntry, NodeJS.Timeout>();
  const waiting = new Set<RunnerEntry>();

  function cancel(entry: RunnerEntry): void {
    waiting.delete(entry);
    clearTimeout(timers.get(entry));
    timers.delete(entry);
    onCount(entry, null);
  }

  /** Null = for ever. */
  function keptMs({ keepAliveMs, artifact }: RunnerEntry): number | null {
    if (keepAliveMs !== undefined) return keepAliveMs;
    const minutes = options.minutesOf(artifact.id) ?? options.settings.read().keepAliveMinutes;
    return minutes === 0 ? null : minutes * 60_000;
  }

  function start(entry: RunnerEntry): void {
    cancel(entry);
    waiting.add(entry);
    const ms = keptMs(entry);
    if (ms === null || ms > longestMs) return;
    const timer = setTimeout(() => {
      cancel(entry);
      onExpired(entry);
    }, ms);
    timer.unref();
    timers.set(entry, timer);
    onCount(entry, now() + ms);
  }

  function restart(): void {
    for (const entry of [...waiting]) start(entry);
  }
  const unsubscribe = options.settings.subscribe(restart);

  return {
    start,
    cancel,
    restart,
    dispose() {
      unsubscribe();
      for (const entry of [...waiting]) cancel(entry);
    },
  };
}
