import type { KeyboardEvent } from 'react';

/** For the input of a number field, which takes its number over only when it is left: Enter does both. */
export function commitOnEnter(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'Enter') return;
  event.currentTarget.blur();
  event.currentTarget.focus();
}
