import { useCallback, useState } from 'react';
import { CommandPalette } from './CommandPalette.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { DownloadNews } from './downloads/DownloadNews.tsx';
import { Rail } from './Rail.tsx';
import { ScreenView } from './ScreenView.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { TitleBar } from './TitleBar.tsx';
import { useAppShortcuts } from './useAppShortcuts.ts';

/** Title bar, rail and the sheet with the current screen; palette and shortcut sheet above. */
export function Shell() {
  const [layer, setLayer] = useState<'palette' | 'shortcuts' | null>(null);
  const close = useCallback(() => setLayer(null), []);
  const openShortcuts = useCallback(() => setLayer('shortcuts'), []);
  const openPalette = useCallback(() => setLayer('palette'), []);
  useAppShortcuts({ openPalette, openShortcuts });
  return (
    <div className="win">
      <TitleBar onOpenPalette={openPalette} />
      <Rail />
      <main className="sheet">
        <ConnectionBanner />
        <ScreenView />
      </main>
      <DownloadNews />
      <CommandPalette open={layer === 'palette'} onClose={close} onShowShortcuts={openShortcuts} />
      <ShortcutSheet open={layer === 'shortcuts'} onClose={close} />
    </div>
  );
}
