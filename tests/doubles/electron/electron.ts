/** The double of the `electron` module: as much of it as the desktop host uses. */
export { app } from './app.ts';
export { BrowserWindow, ipcMain } from './browserWindow.ts';
export { dialog, Menu, nativeTheme, protocol, screen, session, shell } from './platform.ts';
export { safeStorage } from './safeStorage.ts';
export { utilityProcess } from './utilityProcess.ts';
