import { app, type BrowserWindow } from 'electron';
import type { Log } from '#shared/log.ts';
import { pageAddress } from './pageAddress.ts';
import { openQuickPromptWindow } from './quickPromptWindow.ts';
import { openWindow } from './window.ts';

/** The app's two windows: the main one, and the small one of the quick prompt. Neither exists while it is closed. */
export interface Windows {
  /** Opens the main window or brings it to the front. @param address within the page, `#/chat/…`; left out: as it is */
  show(address?: string): void;
  /** Opens the quick prompt, or closes it where it has the focus. */
  toggleQuickPrompt(): void;
  hideQuickPrompt(): void;
}

/**
 * @param options.preload absolute path of the built preload
 * @param options.onPage called with each window before its page loads
 * @param options.staysInTray whether closing the main window leaves the app running
 */
export function createWindows(options: {
  readonly dataFolder: string;
  readonly preload: string;
  readonly log: Log;
  readonly onPage: (window: BrowserWindow) => void;
  readonly staysInTray: () => boolean;
}): Windows {
  let main: BrowserWindow | null = null;
  let quick: BrowserWindow | null = null;

  function openMain(address?: string): void {
    const opened = openWindow({ ...options, ...(address === undefined ? {} : { address }) });
    main = opened;
    opened.once('closed', () => {
      main = null;
      if (process.platform !== 'darwin' && !options.staysInTray()) app.quit();
    });
  }

  return {
    show(address) {
      if (main === null) return openMain(address);
      // Another fragment of the same page: nothing is loaded anew.
      if (address !== undefined)
        main.loadURL(`${pageAddress()}${address}`).catch((error: unknown) => options.log.error('page.load-failed', { error }));
      if (main.isMinimized()) main.restore();
      main.show();
      main.focus();
    },
    toggleQuickPrompt() {
      if (quick?.isFocused() === true) return quick.close();
      if (quick !== null) {
        quick.show();
        return quick.focus();
      }
      quick = openQuickPromptWindow(options);
      quick.once('closed', () => {
        quick = null;
      });
    },
    hideQuickPrompt: () => quick?.close(),
  };
}
