/** A page that draws nothing, in a background tab for example, waits no longer than this. */
const longestWaitMs = 3000;

const shown = Promise.withResolvers<void>();
let isWaiting = false;

/** Says that a screen is there. The frame that draws it comes first, and what the page still has to do at once. */
export function tellScreenIsShown(): void {
  requestAnimationFrame(() => setTimeout(shown.resolve));
}

/** Resolves once the first screen was drawn. What keeps the machine busy waits for it: both at once would show the page later. */
export function whenFirstScreenIsShown(): Promise<void> {
  if (!isWaiting) setTimeout(shown.resolve, longestWaitMs);
  isWaiting = true;
  return shown.promise;
}
