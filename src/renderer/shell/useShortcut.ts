import { useEffect, useRef } from 'react';
import { isLayerOpen } from './openLayers.ts';

interface ShortcutOptions {
  /** Off while the action makes no sense. */
  readonly enabled?: boolean;
}

const isMac = /Mac/.test(navigator.platform);

/**
 * Listens for a key anywhere on the page. Keys without Ctrl or Alt work only when no text field has the focus
 * and no dialog is open.
 * @param combination 'Ctrl+K', 'Alt+ArrowLeft', '/', '?', 'Ctrl+Enter'. Ctrl is Cmd on macOS.
 */
export function useShortcut(combination: string, run: () => void, { enabled = true }: ShortcutOptions = {}): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !matches(event, combination) || isBlocked(event)) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [combination, enabled]);
}

function matches(event: KeyboardEvent, combination: string): boolean {
  const parts = combination.split('+');
  const key = parts.at(-1) ?? '';
  const ctrl = isMac ? event.metaKey : event.ctrlKey;
  if (ctrl !== parts.includes('Ctrl') || event.altKey !== parts.includes('Alt')) return false;
  if (key.length > 1 || parts.length > 1) {
    return event.key.toLowerCase() === key.toLowerCase() && event.shiftKey === parts.includes('Shift');
  }
  // Where a sign sits on the keyboard, and whether it needs Shift, is the layout's business.
  return event.key.toLowerCase() === key.toLowerCase();
}

function isBlocked(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return document.querySelector('[role="alertdialog"]:not(.toast)') !== null;
  const target = event.target;
  if (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select'))
  )
    return true;
  return isLayerOpen();
}
