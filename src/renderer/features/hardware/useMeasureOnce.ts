import { useEffect } from 'react';
import { useModels } from '../../stores/models.ts';
import { measureHardware, useSystem } from '../../stores/system.ts';

let isDone = false;

/** Above this other programs take part of what is measured. */
const calmPercent = 50;

/**
 * Measures a machine whose memory speed is not known, or known only as "at least", the first time this page is looked at: it says what is
 * quick enough here. Not while a model or anything else works.
 */
export function useMeasureOnce(): void {
  const isUnknown = useSystem(
    ({ hardware, measuring }) => hardware !== null && hardware.memory.bandwidthBytesPerSecond === null && !measuring,
  );
  const isCalm = useSystem(({ load }) => (load.at(-1)?.cpuPercent ?? 100) < calmPercent);
  const isIdle = useModels((state) => state.loaded.length === 0);
  useEffect(() => {
    if (isDone || !isUnknown || !isCalm || !isIdle || document.visibilityState !== 'visible') return;
    isDone = true;
    // Nobody asked for it: where it fails the page goes on saying that nothing was measured, and the button tells why.
    void measureHardware().catch(() => undefined);
  }, [isUnknown, isCalm, isIdle]);
}
