import { type ChildProcess, fork } from 'node:child_process';
import { statSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { BareQuestion, BareTimes } from './bareEngine.ts';
import { quantile } from './quantile.ts';

/**
 * What our runner and pipe cost over the bare engine: the same library, model, threads, batch, prompt and sampling, in two
 * processes that take turns within one run. Ours is timed by the caller at its end of the pipe, with rendering,
 * tokenising, decoding, framing and messages; the bare one inside its own process without any of them.
 *
 * Usage: node bench/engine.ts [--rounds 15] [--tokens 128] [model.gguf ...]
 */
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' }, tokens: { type: 'string', default: '128' } },
});
const rounds = Number(values.rounds);
const tokens = Number(values.tokens);
const contextTokens = 1_024;
const batchTokens = 128;
const threads = 1;
const models =
  positionals.length > 0 ? positionals.map((path) => resolve(path)) : [here('../resources/models/Starter-7M-Instruct-Q8_0.gguf')];

/** About 500 tokens for the starter models. The bare side gets the text that the template makes of it. */
const question = `Sum this up in one sentence. ${'The support team wrote a short report about a late order and a broken link. '.repeat(20)}`;
const sampling = { temperature: 5, topK: null, topP: null, minP: null, maxTokens: tokens } as const;

interface Times {
  readonly promptTokensPerSecond: number;
  readonly generationTokensPerSecond: number;
}

console.log(
  `CPU ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.version}`,
);
console.log(
  `threads ${threads}, batch ${batchTokens}, context ${contextTokens}, ${tokens} new tokens, ${rounds} rounds taking turns, load average ${loadavg()[0]?.toFixed(2)}`,
);
for (const path of models) await compare(path);

async function compare(path: string): Promise<void> {
  const supervisor = createRunnerSupervisor({
    spawnRunner: createNodeRunnerSpawner({ runnerScript: here('../src/main/runner/entry.js') }),
    log: { error: console.error, warn: console.error, info: () => undefined },
  });
  const bare = fork(here('./bareEngine.ts'), [], { execArgv: [] });
  try {
    await ask(bare, { kind: 'load', path, contextTokens, threads, batchTokens });
    const runner = await supervisor.start('bench');
    const loaded = await runner.load({
      path,
      backend: 'cpu',
      contextTokens,
      batchTokens,
      threads,
      gpuLayers: 0,
      flashAttention: true,
      kvType: 'f16',
      useMmap: false,
    });
    const prompt = `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`;
    const seed = await findLongAnswer(runner);
    const runBare = (): Promise<BareTimes> => ask(bare, { kind: 'run', prompt, tokens, temperature: sampling.temperature, seed });
    await runBare();

    const bareTimes: Times[] = [];
    const ourTimes: Times[] = [];
    for (let round = 0; round < rounds; round++) {
      const turns = [async () => bareTimes.push(toTimes(await runBare())), async () => ourTimes.push(toTimes(await runOurs(runner, seed)))];
      // Whoever goes second may find a warmer or a busier machine, so they swap.
      for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    report(path, loaded.engine, bareTimes, ourTimes);
  } finally {
    bare.kill('SIGKILL');
    await supervisor.dispose();
  }
}

/** A seed whose answer does not end early, so that both sides make the same number of tokens. */
async function findLongAnswer(runner: RunnerGeneration): Promise<number> {
  for (let seed = 1; seed <= 50; seed++) {
    const result = await runner.generate({
      turns: [{ role: 'user', content: question }],
      sampling: { ...sampling, seed },
      prefix: 'fresh',
    });
    if (result.finishReason === 'length') return seed;
  }
  throw new Error('Every answer of this model ended early; ask for fewer tokens with --tokens.');
}

async function runOurs(runner: RunnerGeneration, seed: number): Promise<BareTimes> {
  const startedAt = performance.now();
  let firstAt: number | null = null;
  const result = await runner.generate(
    { turns: [{ role: 'user', content: question }], sampling: { ...sampling, seed }, prefix: 'fresh' },
    {
      onItem: (item) => {
        if (item.kind === 'tokens') firstAt ??= performance.now();
      },
    },
  );
  const first = firstAt ?? performance.now();
  return {
    promptTokens: result.usage.promptTokens,
    promptMs: first - startedAt,
    generatedTokens: result.usage.completionTokens,
    generationMs: performance.now() - first,
  };
}

function toTimes(times: BareTimes): Times {
  return {
    promptTokensPerSecond: times.promptTokens / (times.promptMs / 1000),
    generationTokensPerSecond: (times.generatedTokens - 1) / (times.generationMs / 1000),
  };
}

function report(path: string, engine: string, bare: readonly Times[], ours: readonly Times[]): void {
  console.log(`\n${basename(path)} (${(statSync(path).size / 1e6).toFixed(1)} MB), ${engine}\n`);
  console.log('| what | bare tok/s | ours tok/s | ratio, median | ratio, middle half | added µs per token |');
  console.log('|---|---|---|---|---|---|');
  for (const [label, key] of [
    ['prompt', 'promptTokensPerSecond'],
    ['generation', 'generationTokensPerSecond'],
  ] as const) {
    const bareRates = bare.map((times) => times[key]);
    const ourRates = ours.map((times) => times[key]);
    const ratios = ourRates.map((rate, index) => rate / (bareRates[index] ?? Number.NaN));
    const added = ourRates.map((rate, index) => 1e6 / rate - 1e6 / (bareRates[index] ?? Number.NaN));
    const spread = `${quantile(ratios, 0.25).toFixed(3)} to ${quantile(ratios, 0.75).toFixed(3)}`;
    console.log(
      `| ${label} | ${quantile(bareRates, 0.5).toFixed(1)} | ${quantile(ourRates, 0.5).toFixed(1)} | ${quantile(ratios, 0.5).toFixed(3)} | ${spread} | ${quantile(added, 0.5).toFixed(0)} |`,
    );
  }
}

function ask<Answer>(child: ChildProcess, message: BareQuestion): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the bare engine’s process ended'));
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer as Answer);
    });
    child.send(message);
  });
}
