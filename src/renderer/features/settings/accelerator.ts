interface PressedKeys {
  readonly key: string;
  /** Where the key sits: `KeyK`, `Digit1`, `Space`. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const named: Readonly<Record<string, string>> = {
  Space: 'Space',
  Enter: 'Enter',
  Tab: 'Tab',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Insert: 'Insert',
};

/** @returns a pressed combination in Electron's words; null for one without Ctrl, Alt or Cmd, or without a key of its own. */
export function acceleratorOf(pressed: PressedKeys): string | null {
  const key = /^(?:Key([A-Z])|Digit(\d)|(F\d{1,2}))$/.exec(pressed.code)?.slice(1).find(Boolean) ?? named[pressed.code];
  if (key === undefined || !(pressed.ctrlKey || pressed.metaKey || pressed.altKey)) return null;
  const parts = [
    pressed.ctrlKey || pressed.metaKey ? 'CommandOrControl' : '',
    pressed.altKey ? 'Alt' : '',
    pressed.shiftKey ? 'Shift' : '',
    key,
  ];
  return parts.filter((part) => part !== '').join('+');
}

/** @returns the keys of a combination as the page writes them. */
export function keysOfAccelerator(accelerator: string): readonly string[] {
  return accelerator.split('+').map((part) => (/^(?:CommandOrControl|CmdOrCtrl|Control|Command)$/i.test(part) ? 'Ctrl' : part));
}
