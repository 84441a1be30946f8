import { useEffect } from 'react';
import { useModels } from '../stores/models.ts';
import { readHardware, useSystem } from '../stores/system.ts';

/** Coming back to the window more often than this shows nothing new. */
const restMs = 5000;

/** What is free changes with every other program: read when a screen of fits is opened, when the window is come back to, and when a model came or went. Never while hidden. */
export function useFreshMachine(): void {
  const loaded = useModels(({ loaded: models }) =>
    models
      .filter(({ state }) => state === 'ready')
      .map(({ artifactId }) => artifactId)
      .join('\n'),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another set of loaded models leaves other memory free
  useEffect(() => {
    void readHardware({ refresh: false });
  }, [loaded]);
  useEffect(() => {
    const look = (): void => {
      const readAt = useSystem.getState().hardware?.readAt ?? 0;
      if (document.visibilityState === 'visible' && Date.now() - readAt >= restMs) void readHardware({ refresh: false });
    };
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
}
