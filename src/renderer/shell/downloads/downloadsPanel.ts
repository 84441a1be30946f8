import { create } from 'zustand';

interface DownloadsPanel {
  readonly isOpen: boolean;
}

/** Whether the list of downloads is open: the tray, Ctrl J, a toast and the palette all open the same one. */
export const useDownloadsPanel = create<DownloadsPanel>(() => ({ isOpen: false }));

export function setDownloadsOpen(isOpen: boolean): void {
  useDownloadsPanel.setState({ isOpen });
}

export function toggleDownloads(): void {
  useDownloadsPanel.setState(({ isOpen }) => ({ isOpen: !isOpen }));
}
