const isMac = /Mac/.test(navigator.platform);

/** @returns how a key is written on this system: Ctrl is ⌘ on macOS. */
export function keyLabel(key: string): string {
  if (!isMac) return key;
  if (key === 'Ctrl') return '⌘';
  if (key === 'Alt') return '⌥';
  return key;
}
