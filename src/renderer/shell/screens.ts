import { Compass, Cpu, Library, type LucideIcon, MessageSquare, Ruler, Server, Settings2 } from 'lucide-react';
import type { Route } from '../router.ts';

export interface Screen {
  readonly name: string;
  readonly icon: LucideIcon;
  readonly route: Route;
  /** Starts a new group in the rail. */
  readonly group?: true;
}

/** The rail from top to bottom; Ctrl 1 to 7 go the same way. */
export const screens: readonly Screen[] = [
  { name: 'Discover', icon: Compass, route: { screen: 'discover', repo: null, revision: null } },
  { name: 'Library', icon: Library, route: { screen: 'library' } },
  { name: 'Chat', icon: MessageSquare, route: { screen: 'chat', conversationId: null } },
  { name: 'Benchmark', icon: Ruler, route: { screen: 'benchmark' } },
  { name: 'Server', icon: Server, route: { screen: 'server' } },
  { name: 'Hardware', icon: Cpu, route: { screen: 'hardware' }, group: true },
  { name: 'Settings', icon: Settings2, route: { screen: 'settings' } },
];

/** @returns the name of the screen that a route belongs to. */
export function screenOf(route: Route): Screen['name'] {
  switch (route.screen) {
    case 'discover':
      return 'Discover';
    case 'library':
      return 'Library';
    case 'chat':
    case 'quick':
    case 'compare':
      return 'Chat';
    case 'server':
      return 'Server';
    case 'benchmark':
    case 'benchmark-run':
    case 'benchmark-results':
    case 'benchmark-data':
      return 'Benchmark';
    case 'hardware':
      return 'Hardware';
    case 'settings':
      return 'Settings';
  }
}
