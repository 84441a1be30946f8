import { globalShortcut } from 'electron';
import type { Log } from '#shared/log.ts';

/** The key that opens the quick prompt from anywhere. */
export interface QuickPromptKey {
  /** Takes another combination, or none. One that cannot be had is left: `isHeld` says so. */
  set(accelerator: string | null): void;
  readonly accelerator: string | null;
  /** Whether this app holds the combination now. */
  readonly isHeld: boolean;
}

export function createQuickPromptKey(options: { readonly onPressed: () => void; readonly log: Log }): QuickPromptKey {
  let accelerator: string | null = null;
  let isHeld = false;

  /** Electron throws for what is no combination, and says false where another program has it. */
  function take(wished: string): boolean {
    try {
      return globalShortcut.register(wished, options.onPressed);
    } catch {
      return false;
    }
  }

  return {
    set(wished) {
      if (wished === accelerator && (isHeld || wished === null)) return;
      if (accelerator !== null && isHeld) globalShortcut.unregister(accelerator);
      accelerator = wished;
      isHeld = wished !== null && take(wished);
      if (wished !== null && !isHeld) options.log.warn('quick-prompt.key-not-held', { accelerator: wished });
    },
    get accelerator() {
      return accelerator;
    },
    get isHeld() {
      return isHeld;
    },
  };
}
