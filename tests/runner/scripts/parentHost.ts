import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';

/** A host of its own process, to be killed: loads a model, starts an endless answer, and tells its runner's process id. */
const [runnerScript = '', modelPath = ''] = process.argv.slice(2);
const silent = (): void => undefined;
const supervisor = createRunnerSupervisor({
  spawnRunner: createNodeRunnerSpawner({ runnerScript }),
  log: { error: silent, warn: silent, info: silent },
});
const generation = await supervisor.start('model');
await generation.load({
  path: modelPath,
  backend: 'cpu',
  contextTokens: 16_384,
  batchTokens: 128,
  threads: 1,
  gpuLayers: 0,
  flashAttention: true,
  kvType: 'f16',
  useMmap: false,
});
let told = false;
await generation.generate(
  {
    turns: [{ role: 'user', content: 'Count.' }],
    sampling: { maxTokens: null },
    schema: { type: 'array', items: { type: 'array', items: { type: 'integer' }, minItems: 100 }, minItems: 500 },
  },
  {
    onItem: () => {
      if (!told) process.send?.({ runnerPid: generation.pid });
      told = true;
    },
  },
);
