export type Route =
  /** `repo` is `publisher/name`; without one the list alone is shown. */
  | { readonly screen: 'discover'; readonly repo: string | null; readonly revision: string | null }
  | { readonly screen: 'library' }
  | { readonly screen: 'chat'; readonly conversationId: string | null }
  /** One prompt to several models; null begins a comparison. */
  | { readonly screen: 'compare'; readonly comparisonId: string | null }
  | { readonly screen: 'server' }
  | { readonly screen: 'benchmark' }
  | { readonly screen: 'benchmark-run'; readonly runId: string }
  | { readonly screen: 'benchmark-results'; readonly runId: string }
  /** A labelled set of the user's own in the grid; null begins one. */
  | { readonly screen: 'benchmark-data'; readonly suiteId: string | null }
  | { readonly screen: 'hardware' }
  /** The quick prompt as a page of its own: what the desktop's small window shows. */
  | { readonly screen: 'quick' }
  /** `section` opens one of its sections: `hub`, `downloads`, … */
  | { readonly screen: 'settings'; readonly section?: string };

/** @returns the address of a screen, for `href`. */
export function addressOf(route: Route): string {
  switch (route.screen) {
    case 'discover':
      return ['#/discover', ...(route.repo?.split('/') ?? []), ...(route.repo === null || route.revision === null ? [] : [route.revision])]
        .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
        .join('/');
    case 'chat':
      return route.conversationId === null ? '#/chat' : `#/chat/${encodeURIComponent(route.conversationId)}`;
    case 'compare':
      return route.comparisonId === null ? '#/compare' : `#/compare/${encodeURIComponent(route.comparisonId)}`;
    case 'benchmark-run':
      return `#/benchmark/run/${encodeURIComponent(route.runId)}`;
    case 'benchmark-results':
      return `#/benchmark/results/${encodeURIComponent(route.runId)}`;
    case 'benchmark-data':
      return route.suiteId === null ? '#/benchmark/data' : `#/benchmark/data/${encodeURIComponent(route.suiteId)}`;
    case 'settings':
      return route.section === undefined ? '#/settings' : `#/settings/${encodeURIComponent(route.section)}`;
    case 'library':
    case 'benchmark':
    case 'hardware':
    case 'server':
    case 'quick':
      return `#/${route.screen}`;
  }
}

/** @returns the screen of an address; the library for one that names none. */
export function routeOf(hash: string): Route {
  const [screen, second, third, fourth] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (screen === 'discover') {
    const repo = second && third ? `${second}/${third}` : null;
    return { screen, repo, revision: (repo !== null && fourth) || null };
  }
  if (screen === 'chat') return { screen, conversationId: second || null };
  if (screen === 'compare') return { screen, comparisonId: second || null };
  if (screen === 'benchmark' && second === 'run' && third) return { screen: 'benchmark-run', runId: third };
  if (screen === 'benchmark' && second === 'results' && third) return { screen: 'benchmark-results', runId: third };
  if (screen === 'benchmark' && second === 'data') return { screen: 'benchmark-data', suiteId: third || null };
  if (screen === 'settings' && second) return { screen, section: second };
  if (screen === 'benchmark' || screen === 'hardware' || screen === 'server' || screen === 'quick' || screen === 'settings')
    return { screen };
  return { screen: 'library' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
