import { useEffect } from 'react';
import { pipeErrors } from '#shared/rpc/rpcError.ts';
import { isDesktop } from '../../../hostPipe.ts';
import { closeSet, retrySave, saveNow, useDatasets } from '../../../stores/datasets.ts';
import { onConnected } from '../../../stores/rpc.ts';

/**
 * Saves when the screen or the window is left and when a lost connection is back. A browser is told to ask before it closes a page with rows that
 * are not saved; in the desktop app the main process outlives the window and gets them.
 */
export function useUnsavedGuard(): void {
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent): void => {
      const save = useDatasets.getState().open?.save.state ?? 'saved';
      if (save === 'saved') return;
      void saveNow();
      if (!isDesktop) event.preventDefault();
    };
    const stop = onConnected(() => {
      const save = useDatasets.getState().open?.save;
      if (save?.state === 'failed' && save.problem.code === pipeErrors.closed) void retrySave();
    });
    window.addEventListener('beforeunload', onUnload);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      stop();
      void closeSet();
    };
  }, []);
}
