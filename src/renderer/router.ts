import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly screen: 'library' }
  | { readonly screen: 'chat'; readonly conversationId: string | null }
  | { readonly screen: 'benchmark' }
  | { readonly screen: 'benchmark-run'; readonly runId: string }
  | { readonly screen: 'benchmark-results'; readonly runId: string }
  | { readonly screen: 'hardware' }
  | { readonly screen: 'settings' };

/** @returns the address of a screen, for `href`. */
export function addressOf(route: Route): string {
  switch (route.screen) {
    case 'chat':
      return route.conversationId === null ? '#/chat' : `#/chat/${encodeURIComponent(route.conversationId)}`;
    case 'benchmark-run':
      return `#/benchmark/run/${encodeURIComponent(route.runId)}`;
    case 'benchmark-results':
      return `#/benchmark/results/${encodeURIComponent(route.runId)}`;
    case 'library':
    case 'benchmark':
    case 'hardware':
    case 'settings':
      return `#/${route.screen}`;
  }
}

/** @returns the screen of an address; the library for one that names none. */
export function routeOf(hash: string): Route {
  const [screen, second, third] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (screen === 'chat') return { screen, conversationId: second || null };
  if (screen === 'benchmark' && second === 'run' && third) return { screen: 'benchmark-run', runId: third };
  if (screen === 'benchmark' && second === 'results' && third) return { screen: 'benchmark-results', runId: third };
  if (screen === 'benchmark' || screen === 'hardware' || screen === 'settings') return { screen };
  return { screen: 'library' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

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
