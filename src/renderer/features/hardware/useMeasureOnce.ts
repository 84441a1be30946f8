import { useEffect } from 'react';
import { useModels } from '../../stores/models.ts';
import { measureHardware, useSystem } from '../../stores/system.ts';

let isDone = false;

/** Measures a machine whose memory speed is not known, the first time this page is looked at: it says what is quick enough here. Not while a model works. */
export function useMeasureOnce(): void {
  const isUnknown = useSystem(
    ({ hardware, measuring }) => hardware !== null && hardware.memory.bandwidthBytesPerSecond === null && !measuring,
  );
  const isIdle = useModels((state) => state.loaded.length === 0);
  useEffect(() => {
    if (isDone || !isUnknown || !isIdle || document.visibilityState !== 'visible') return;
    isDone = true;
    // Nobody asked for it: where it fails the page goes on saying that nothing was measured, and the button tells why.
    void measureHardware().catch(() => undefined);
  }, [isUnknown, isIdle]);
}
