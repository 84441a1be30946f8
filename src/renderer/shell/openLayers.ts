/** A toast calls itself a dialog too, and waits for nothing. */
const layers = '[role$="dialog"]:not(.toast), [role="menu"], [role="listbox"][data-open]';

/** Whether something above the screen has the keys: a dialog, a menu, an open list. */
export function isLayerOpen(): boolean {
  return document.querySelector(layers) !== null;
}
