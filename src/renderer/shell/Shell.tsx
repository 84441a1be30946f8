import { lazy, Suspense, useCallback, useState } from 'react';
import { CommandPalette } from './CommandPalette.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { DownloadNews } from './downloads/DownloadNews.tsx';
import { PathDialog } from './PathDialog.tsx';
import { Rail } from './Rail.tsx';
import { ScreenView } from './ScreenView.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { TitleBar } from './TitleBar.tsx';
import { useAddModels } from './useAddModels.ts';
import { useAppShortcuts } from './useAppShortcuts.ts';

const QuickPromptDialog = lazy(async () => ({ default: (await import('./quickPrompt/QuickPromptDialog.tsx')).QuickPromptDialog }));

/** Title bar, rail and the sheet with the current screen; palette and shortcut sheet above. */
export function Shell() {
  const [layer, setLayer] = useState<'palette' | 'shortcuts' | 'quick' | null>(null);
  const close = useCallback(() => setLayer(null), []);
  const openShortcuts = useCallback(() => setLayer('shortcuts'), []);
  const openPalette = useCallback(() => setLayer('palette'), []);
  const openQuickPrompt = useCallback(() => setLayer('quick'), []);
  const adding = useAddModels();
  const actions = {
    showShortcuts: openShortcuts,
    quickPrompt: openQuickPrompt,
    importModel: adding.startImport,
    addFolder: adding.startAddFolder,
  };
  useAppShortcuts({ openPalette, openShortcuts, openQuickPrompt });
  return (
    <div className="win">
      <TitleBar onOpenPalette={openPalette} />
      <Rail />
      <main className="sheet">
        <ConnectionBanner />
        <ScreenView />
      </main>
      <DownloadNews />
      <CommandPalette open={layer === 'palette'} onClose={close} actions={actions} />
      <Suspense>{layer === 'quick' ? <QuickPromptDialog open onClose={close} /> : null}</Suspense>
      <PathDialog request={adding.pathRequest} onClose={adding.cancelPath} onSubmit={adding.submitPath} />
      <ShortcutSheet open={layer === 'shortcuts'} onClose={close} />
    </div>
  );
}
