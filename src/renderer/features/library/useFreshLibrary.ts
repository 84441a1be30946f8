import { useEffect } from 'react';
import { rpc } from '../../stores/rpc.ts';

/** Other programs change the disk at their own pace; looking at it more often than this shows nothing new. */
const restMs = 30_000;
let lastLookAt = 0;

/** Has the folders read when the library is opened or the window comes back to it: what Ollama pulled meanwhile is there. */
export function useFreshLibrary(): void {
  useEffect(() => {
    const look = (): void => {
      if (Date.now() - lastLookAt < restMs) return;
      lastLookAt = Date.now();
      // Nobody asked for it: when it fails, the list stays as it was.
      rpc.call('library.rescan', {}).catch(() => undefined);
    };
    look();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, []);
}
