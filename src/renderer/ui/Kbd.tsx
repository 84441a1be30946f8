import { keyLabel } from './keyLabel.ts';

interface KbdProps {
  /** One keycap per entry, in the names of the design: 'Ctrl', 'K', 'Enter'. */
  readonly keys: readonly string[];
}

/** Keycaps beside an action. Ctrl becomes Cmd on macOS. */
export function Kbd({ keys }: KbdProps) {
  return keys.map((key) => (
    <kbd className="kbd" key={key}>
      {keyLabel(key)}
    </kbd>
  ));
}
