/** The double of the `electron` module: as much of it as the desktop host uses. */
export { app } from './app.ts';
export { BrowserWindow, ipcMain } from './browserWindow.ts';
export { dialog, globalShortcut, Menu, nativeImage, nativeTheme, protocol, screen, session, shell, Tray } from './platform.ts';
export { safeStorage } from './safeStorage.ts';
export { utilityProcess } from './utilityProcess.ts';
