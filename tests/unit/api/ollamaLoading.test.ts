import { expect, it } from 'vitest';
import type { ApiNeeds } from '#main/services/api/apiAnswer.ts';
import { createDialects } from '#main/services/api/apiApp.ts';

it('wishes for a longer context where a model is to be loaded, and for none where it is to be unloaded', async () => {
  const wishes: object[] = [];
  const acquire = async (_id: string, { signal: _signal, ...wish }: { readonly signal: AbortSignal }): Promise<object> => {
    wishes.push(wish);
    return { release: () => undefined };
  };
  const model = { id: 'm', name: 'M', quant: null, repo: null, state: 'ready', addedAt: 0, publisher: null, contextTokens: 4096 };
  // What these routes do not touch is left out of the doubles.
  const needs = { library: { list: () => [model] }, models: { acquire, loaded: () => [{ artifactId: 'm' }] }, now: () => 0 };
  const app = createDialects(needs as unknown as ApiNeeds);
  for (const keep_alive of [60, 0]) {
    const body = JSON.stringify({ model: 'm', keep_alive, options: { num_ctx: 8192 } });
    expect((await app.request('/api/generate', { method: 'POST', body })).status).toBe(200);
  }
  expect(wishes).toEqual([
    { holder: 'api', keepAliveMs: 60_000, wishedContextTokens: 4096 },
    { holder: 'api', keepAliveMs: 0 },
  ]);
});
