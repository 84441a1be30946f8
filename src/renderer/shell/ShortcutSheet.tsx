import { isDesktop } from '../hostPipe.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Kbd } from '../ui/Kbd.tsx';

interface Shortcut {
  readonly action: string;
  readonly keys: readonly string[];
  /** A browser keeps these keys for itself. */
  readonly desktopOnly?: true;
}

const groups: readonly { readonly title: string; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Anywhere',
    shortcuts: [
      { action: 'Command palette', keys: ['Ctrl', 'K'] },
      { action: 'Go to screen 1 to 7', keys: ['Ctrl', '1…7'], desktopOnly: true },
      { action: 'Quick prompt', keys: ['Ctrl', 'Shift', 'Space'] },
      { action: 'Search this screen', keys: ['/'] },
      { action: 'Downloads', keys: ['Ctrl', 'J'] },
      { action: 'Back, forward', keys: ['Alt', '←', '→'] },
      { action: 'Unload model', keys: ['Ctrl', 'U'] },
      { action: 'This sheet', keys: ['?'] },
    ],
  },
  {
    title: 'Lists and tables',
    shortcuts: [
      { action: 'Move', keys: ['↑', '↓'] },
      { action: 'Open', keys: ['Enter'] },
      { action: 'Details', keys: ['Space'] },
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
    ],
  },
  {
    title: 'Benchmark',
    shortcuts: [
      { action: 'Start', keys: ['Ctrl', 'Enter'] },
      { action: 'Pause', keys: ['Space'] },
    ],
  },
];

interface ShortcutSheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function ShortcutSheet({ open, onClose }: ShortcutSheetProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts" wide>
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.shortcuts
                .filter((shortcut) => isDesktop || !shortcut.desktopOnly)
                .map((shortcut) => (
                  <div key={shortcut.action}>
                    <dt>{shortcut.action}</dt>
                    <dd>
                      <Kbd keys={shortcut.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
