import { useSyncExternalStore } from 'react';
import { addressOf, type Route, routeOf } from './routeAddress.ts';

export { addressOf, type Route } from './routeAddress.ts';

/** Goes to a screen. `replace` keeps the address out of the history: for redirects. */
export function navigate(route: Route, options: { readonly replace?: boolean } = {}): void {
  const address = addressOf(route);
  if (address === window.location.hash) return;
  if (options.replace) history.replaceState(history.state, '', address);
  else history.pushState({ position: position + 1 }, '', address);
  settle();
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return routeOf(hash);
}

/** Whether there is something behind and ahead; a browser's history does not tell. */
export function useHistory(): { readonly canGoBack: boolean; readonly canGoForward: boolean } {
  const key = useSyncExternalStore(subscribe, () => `${position}/${furthest}`);
  const [at = 0, last = 0] = key.split('/').map(Number);
  return { canGoBack: at > 0, canGoForward: at < last };
}

let position = readPosition() ?? 0;
let furthest = position;
const listeners = new Set<() => void>();

// A link changes the hash without a position: it is the next entry. Back and forward bring theirs along.
window.addEventListener('popstate', () => {
  const known = readPosition();
  if (known === null) {
    history.replaceState({ position: position + 1 }, '');
    position += 1;
    furthest = position;
  } else {
    position = known;
    furthest = Math.max(furthest, position);
  }
  notify();
});
if (readPosition() === null) history.replaceState({ position: 0 }, '');

function settle(): void {
  const known = readPosition() ?? position;
  if (known > position) furthest = known;
  position = known;
  notify();
}

function readPosition(): number | null {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'position' in state && typeof state.position === 'number' ? state.position : null;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notify(): void {
  for (const listener of listeners) listener();
}
