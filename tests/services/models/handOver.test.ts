import { expect, test } from 'vitest';
import { createHandOver } from '#main/services/models/handOver.ts';
import type { HandOver } from '#shared/contract/handOver.ts';
import { LoadOptions } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { startServices, tiny } from '../servicesHarness.ts';

const wish = LoadOptions.parse({});
const of = (targets: readonly HandOver[], target: HandOver['target']): HandOver => {
  const found = targets.find((given) => given.target === target);
  if (found === undefined) throw new Error(`no ${target}`);
  return found;
};

test('a model is handed over as it would be loaded here, also where this machine cannot hold it, and nothing is loaded for it', async () => {
  const { services } = await startServices();
  await services.library.whenScanned();
  const { library, models } = services;
  const handOver = createHandOver({ library, models });

  const targets = await handOver(tiny, wish);
  const { contextTokens } = (await models.plan(tiny, {})).options;
  expect(of(targets, 'llama-server').command).toContain(`--ctx-size ${contextTokens} `);
  expect(of(targets, 'llama-server').command).toContain(library.require(tiny).path);
  expect(of(targets, 'ollama').files[0]?.text).toContain(`PARAMETER num_ctx ${contextTokens}\n`);
  // Its threads are those of this machine.
  expect(of(targets, 'llama-server').command).not.toContain('--threads');

  const wished = await handOver(tiny, { ...wish, contextTokens: 512, threads: 3, gpuLayers: 0 });
  expect(of(wished, 'llama-server').command).toMatch(/--ctx-size 512[\s\S]*--n-gpu-layers 0[\s\S]*--threads 3/);

  const tooLarge = createHandOver({ library, models: { plan: () => Promise.reject(new RpcError('out-of-memory', 'Too large.')) } });
  expect(of(await tooLarge(tiny, wish), 'llama-server')).toMatchObject({
    problem: null,
    command: expect.not.stringContaining('--ctx-size'),
  });
  await expect(handOver('no-such-model', wish)).rejects.toMatchObject({ code: 'model-not-found' });
  expect(models.loaded()).toEqual([]);
});
