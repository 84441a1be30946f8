import { navigate } from '../router.ts';
import { useModels } from '../stores/models.ts';
import { toggleDownloads } from './downloads/downloadsPanel.ts';
import { screens } from './screens.ts';
import { unload } from './unload.ts';
import { useShortcut } from './useShortcut.ts';

interface AppShortcutActions {
  readonly openPalette: () => void;
  readonly openShortcuts: () => void;
  readonly openQuickPrompt: () => void;
}

/** The keys that work on every screen. */
export function useAppShortcuts({ openPalette, openShortcuts, openQuickPrompt }: AppShortcutActions): void {
  useShortcut('Ctrl+K', openPalette);
  useShortcut('?', openShortcuts);
  useShortcut('Ctrl+Shift+ ', openQuickPrompt);
  useShortcut('Ctrl+J', toggleDownloads);
  useShortcut('Ctrl+Shift+M', () => navigate({ screen: 'compare', comparisonId: null }));
  useShortcut('Alt+ArrowLeft', () => history.back());
  useShortcut('Alt+ArrowRight', () => history.forward());
  useShortcut('Ctrl+U', () => {
    const model = useModels.getState().loaded.find((candidate) => candidate.state === 'ready');
    if (model !== undefined) void unload(model);
  });
  useShortcut('Ctrl+1', () => goTo(0));
  useShortcut('Ctrl+2', () => goTo(1));
  useShortcut('Ctrl+3', () => goTo(2));
  useShortcut('Ctrl+4', () => goTo(3));
  useShortcut('Ctrl+5', () => goTo(4));
  useShortcut('Ctrl+6', () => goTo(5));
  useShortcut('Ctrl+7', () => goTo(6));
}

function goTo(index: number): void {
  const screen = screens[index];
  if (screen !== undefined) navigate(screen.route);
}
