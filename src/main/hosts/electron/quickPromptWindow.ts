import { BrowserWindow } from 'electron';
import type { Log } from '#shared/log.ts';
import { pageAddress } from './pageAddress.ts';
import { pagePreferences } from './pagePreferences.ts';
import { frameBackground } from './window.ts';

/** Opens the quick prompt's own small window, above the others and without a frame. */
export function openQuickPromptWindow(options: {
  readonly preload: string;
  readonly log: Log;
  readonly onPage: (window: BrowserWindow) => void;
}): BrowserWindow {
  const window = new BrowserWindow({
    width: 680,
    height: 440,
    minWidth: 480,
    minHeight: 240,
    show: false,
    frame: false,
    alwaysOnTop: true,
    skipTaskbar: true,
    fullscreenable: false,
    title: 'Rightsize quick prompt',
    backgroundColor: frameBackground(),
    webPreferences: pagePreferences(options.preload),
  });
  window.once('ready-to-show', () => {
    window.show();
    window.focus();
  });
  options.onPage(window);
  window.loadURL(`${pageAddress()}#/quick`).catch((error: unknown) => options.log.error('page.load-failed', { error }));
  return window;
}
