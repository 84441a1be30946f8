import type { BaseUIEvent } from '@base-ui/react/types';
import type { KeyboardEvent } from 'react';

/** Base UI answers Enter and Space on a control with any modifier, which would take Ctrl Enter and Ctrl Shift Space from the screen. */
export function leaveToShortcuts(event: BaseUIEvent<KeyboardEvent>): void {
  if (event.ctrlKey || event.metaKey) event.preventBaseUIHandler();
}
