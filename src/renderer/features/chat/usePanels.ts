import { useEffect, useState } from 'react';
import { isLayerOpen } from '../../shell/openLayers.ts';

export interface Panels {
  readonly conversations: boolean;
  readonly parameters: boolean;
}

const narrow = window.matchMedia('(max-width: 1099px)');
const storageKey = 'rightsize.chatParameters';

/** Which side panels are open. Parameters are remembered; below 1100 px both start closed and float. */
export function usePanels(): { readonly panels: Panels; togglePanel(panel: keyof Panels): void; closeFloating(): void } {
  const [panels, setPanels] = useState<Panels>(() => ({ conversations: false, parameters: !narrow.matches && remembered() }));
  const floats = narrow.matches && (panels.conversations || panels.parameters);
  const closeFloating = (): void => {
    if (narrow.matches) setPanels({ conversations: false, parameters: false });
  };
  // What stood beside the chat would lie on it in a window that has become narrow.
  useEffect(() => {
    const onChange = (): void => setPanels({ conversations: false, parameters: !narrow.matches && remembered() });
    narrow.addEventListener('change', onChange);
    return () => narrow.removeEventListener('change', onChange);
  }, []);
  useEffect(() => {
    if (!floats) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (isLayerOpen()) return;
      event.preventDefault();
      setPanels({ conversations: false, parameters: false });
    };
    // Before the key that stops an answer: Esc closes the top layer first.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [floats]);
  return {
    panels,
    closeFloating,
    togglePanel(panel) {
      const next = { ...panels, [panel]: !panels[panel] };
      setPanels(narrow.matches && next[panel] ? { conversations: false, parameters: false, [panel]: true } : next);
      if (panel === 'parameters' && !narrow.matches) remember(next.parameters);
    },
  };
}

function remembered(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'closed';
  } catch {
    return true;
  }
}

function remember(isOpen: boolean): void {
  try {
    localStorage.setItem(storageKey, isOpen ? 'open' : 'closed');
  } catch {
    // Storage can be switched off in a browser: then the panel starts open next time.
  }
}
