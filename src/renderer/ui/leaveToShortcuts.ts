import type { BaseUIEvent } from '@base-ui/react/types';
import type { KeyboardEvent } from 'react';

/** Base UI answers Enter on a control with any modifier, which would take Ctrl Enter from the screen. */
export function leaveToShortcuts(event: BaseUIEvent<KeyboardEvent>): void {
  if (event.ctrlKey || event.metaKey) event.preventBaseUIHandler();
}
