interface Shortcut {
  readonly action: string;
  readonly keys: readonly string[];
  /** A browser keeps these keys for itself. */
  readonly desktopOnly?: true;
}

/** Every key of the app, as the sheet shows them. */
export const shortcutGroups: readonly { readonly title: string; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Anywhere',
    shortcuts: [
      { action: 'Command palette', keys: ['Ctrl', 'K'] },
      { action: 'Go to screen 1 to 7', keys: ['Ctrl', '1…7'], desktopOnly: true },
      { action: 'Quick prompt', keys: ['Ctrl', 'Shift', 'Space'] },
      { action: 'Compare models', keys: ['Ctrl', 'Shift', 'M'] },
      { action: 'Search this screen', keys: ['/'] },
      { action: 'Downloads', keys: ['Ctrl', 'J'] },
      { action: 'Back, forward', keys: ['Alt', '←', '→'] },
      { action: 'Unload model', keys: ['Ctrl', 'U'] },
      { action: 'Close what is open', keys: ['Esc'] },
      { action: 'This sheet', keys: ['?'] },
    ],
  },
  {
    title: 'Lists and tables',
    shortcuts: [
      { action: 'Move', keys: ['↑', '↓'] },
      { action: 'Open', keys: ['Enter'] },
      { action: 'Details', keys: ['Space'] },
      { action: 'Rename a chat', keys: ['F2'] },
      { action: 'Remove', keys: ['Del'] },
      { action: 'Move a download', keys: ['Alt', '↑', '↓'] },
    ],
  },
  {
    title: 'Discover',
    shortcuts: [{ action: 'Download selected quant', keys: ['Ctrl', 'D'] }],
  },
  {
    title: 'Chat',
    shortcuts: [
      { action: 'New chat', keys: ['Ctrl', 'N'], desktopOnly: true },
      { action: 'Switch model', keys: ['Ctrl', 'M'] },
      { action: 'Send', keys: ['Enter'] },
      { action: 'New line', keys: ['Shift', 'Enter'] },
      { action: 'Stop answer', keys: ['Esc'] },
      { action: 'Edit the last question', keys: ['↑'] },
      { action: 'Earlier, later version', keys: ['[', ']'] },
      { action: 'Let a tool run once', keys: ['Ctrl', 'Enter'] },
      { action: 'Let it run in this chat', keys: ['Ctrl', 'Shift', 'Enter'] },
      { action: 'Refuse it', keys: ['Ctrl', 'Shift', 'Backspace'] },
    ],
  },
  {
    title: 'Compare',
    shortcuts: [
      { action: 'Prefer answer A to D', keys: ['1…4'] },
      { action: 'Equally good', keys: ['T'] },
      { action: 'All bad', keys: ['N'] },
    ],
  },
  {
    title: 'Benchmark',
    shortcuts: [
      { action: 'Start', keys: ['Ctrl', 'Enter'] },
      { action: 'Pause', keys: ['Space'] },
      { action: 'Next, previous scenario', keys: ['J', 'K'] },
      { action: 'Failing scenarios only', keys: ['F'] },
    ],
  },
  {
    title: 'Test items',
    shortcuts: [
      { action: 'Edit a cell', keys: ['Enter'] },
      { action: 'Give a label', keys: ['1…9'] },
      { action: 'Undo, redo', keys: ['Ctrl', 'Z', 'Y'] },
      { action: 'Double a row', keys: ['Ctrl', 'D'] },
      { action: 'Remove a row', keys: ['Ctrl', 'Del'] },
    ],
  },
];
