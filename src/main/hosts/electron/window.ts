import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen, type TitleBarOverlay } from 'electron';
import type { Log } from '#shared/log.ts';
import { pageAddress } from './pageAddress.ts';
import { pagePreferences } from './pagePreferences.ts';
import { readWindowState, writeWindowState } from './windowState.ts';

/** The frame's colours: `--chrome` and `--ink` of the page's tokens.css (a test compares them). */
export const frameColours = {
  light: { chrome: '#EFEFEB', ink: '#191A17' },
  dark: { chrome: '#0D0F12', ink: '#ECEEF1' },
} as const;
const titleBarHeight = 40;

/**
 * Opens the one window, where it was last time.
 * @param options.preload absolute path of the built preload, one CommonJS file.
 * @param options.onPage called with the window before its page loads.
 * @param options.address within the page, `#/chat/…`; left out: where the page begins
 */
export function openWindow(options: {
  readonly dataFolder: string;
  readonly preload: string;
  readonly log: Log;
  readonly onPage: (window: BrowserWindow) => void;
  readonly address?: string;
}): BrowserWindow {
  const state = readWindowState(
    options.dataFolder,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...(state?.bounds ?? { width: 1280, height: 800 }),
    minWidth: 960,
    minHeight: 640,
    show: false,
    title: 'Rightsize',
    backgroundColor: colours().chrome,
    titleBarStyle: 'hidden',
    trafficLightPosition: { x: 14, y: 13 },
    titleBarOverlay: titleBarOverlay(),
    webPreferences: pagePreferences(options.preload),
  });
  if (state?.isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeWindowState(options.dataFolder, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }));
  followTheme(window);
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    options.log.error('page.gone', { reason, exitCode });
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload();
  });
  options.onPage(window);
  window.loadURL(`${pageAddress()}${options.address ?? ''}`).catch((error: unknown) => options.log.error('page.load-failed', { error }));
  return window;
}

function followTheme(window: BrowserWindow): void {
  const repaint = (): void => {
    window.setBackgroundColor(colours().chrome);
    // macOS draws its own buttons and has no overlay.
    if (process.platform !== 'darwin') window.setTitleBarOverlay(titleBarOverlay());
  };
  nativeTheme.on('updated', repaint);
  window.once('closed', () => nativeTheme.off('updated', repaint));
}

function titleBarOverlay(): TitleBarOverlay {
  const { chrome, ink } = colours();
  return { color: chrome, symbolColor: ink, height: titleBarHeight };
}

/** What a window shows before its page does. */
export const frameBackground = (): string => colours().chrome;

function colours(): { readonly chrome: string; readonly ink: string } {
  return nativeTheme.shouldUseDarkColors ? frameColours.dark : frameColours.light;
}

/** The preload beside a main bundle in `out/main`. */
export function builtPreload(mainFolder: string): string {
  return join(mainFolder, '..', 'preload', 'index.cjs');
}
