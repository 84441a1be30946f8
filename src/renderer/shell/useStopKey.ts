import { useEffect, useRef } from 'react';
import { isLayerOpen } from './openLayers.ts';

/** Escape stops what is being written, also from a text field; a dialog or menu above it takes the key first. */
export function useStopKey(stop: () => void, { enabled }: { readonly enabled: boolean }): void {
  const latest = useRef(stop);
  useEffect(() => {
    latest.current = stop;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || isLayerOpen()) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [enabled]);
}
