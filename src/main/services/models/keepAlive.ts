import type { SettingsService } from '../settings/settingsService.ts';
import type { RunnerEntry } from './runnerEntries.ts';

/** Counts down from the last use of a model to its unloading. A change of the setting starts the count anew. */
export function createKeepAlive(options: {
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  readonly onExpired: (entry: RunnerEntry) => void;
}) {
  const timers = new Map<RunnerEntry, NodeJS.Timeout>();
  const waiting = new Set<RunnerEntry>();

  function cancel(entry: RunnerEntry): void {
    waiting.delete(entry);
    clearTimeout(timers.get(entry));
    timers.delete(entry);
  }

  function start(entry: RunnerEntry): void {
    cancel(entry);
    waiting.add(entry);
    const minutes = options.settings.read().keepAliveMinutes;
    if (minutes === 0) return;
    const timer = setTimeout(() => {
      cancel(entry);
      options.onExpired(entry);
    }, minutes * 60_000);
    timer.unref();
    timers.set(entry, timer);
  }

  const unsubscribe = options.settings.subscribe(() => {
    for (const entry of [...waiting]) start(entry);
  });

  return {
    start,
    cancel,
    dispose() {
      unsubscribe();
      for (const entry of [...waiting]) cancel(entry);
    },
  };
}
