import { describe, expect, it } from 'vitest';
import { addressOf, type Route, routeOf } from '../../../src/renderer/routeAddress.ts';

const routes: readonly Route[] = [
  { screen: 'discover', repo: null, revision: null },
  { screen: 'discover', repo: 'unsloth/Qwen3-8B-GGUF', revision: null },
  { screen: 'discover', repo: 'unsloth/Qwen3-8B-GGUF', revision: 'refs/pr/1' },
  { screen: 'library' },
  { screen: 'chat', conversationId: null },
  { screen: 'chat', conversationId: 'a/b c%' },
  { screen: 'benchmark' },
  { screen: 'benchmark-run', runId: 'run-1' },
  { screen: 'benchmark-results', runId: 'run-1' },
  { screen: 'benchmark-data', suiteId: null },
  { screen: 'benchmark-data', suiteId: 'my-set' },
  { screen: 'hardware' },
  { screen: 'settings' },
  { screen: 'settings', section: 'hub' },
];

describe('addresses', () => {
  it.each(routes)('leads back to the same screen: $screen', (route) => {
    expect(routeOf(addressOf(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/benchmarkx', '#/%E0%A4%A'])('opens the library for %j, which names no screen', (hash) => {
    expect(routeOf(hash)).toEqual({ screen: 'library' });
  });

  it('opens the list where an address of Discover names no whole repo', () => {
    expect(routeOf('#/discover/unsloth')).toEqual({ screen: 'discover', repo: null, revision: null });
  });

  it('opens the setup of a benchmark when an address names a run without its id', () => {
    expect(routeOf('#/benchmark/run/')).toEqual({ screen: 'benchmark' });
  });
});
