import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import { appRoot, runnerScript } from '#main/hosts/hostPaths.ts';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createServices, type Services } from '#main/services/createServices.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { RunPlan } from '#shared/contract/benchmarks.ts';
import type { PeerAnswer, PeerItem, PeerQuestion } from './matrixPeer.ts';

/**
 * How fast the whole run engine answers labelled items (two lanes, grading, journal and all) beside one fresh request after the other on the
 * same low-level path, and beside a new chat session an item. All take turns on one machine, one thread each; every answer is compared.
 *
 * Usage: node bench/matrix.ts [--rounds 3] [--lanes 2] [--model Starter-7M-Instruct-Q8_0.gguf] [--suites sentiment,routing] [--limit 60]
 */
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    lanes: { type: 'string', default: '2' },
    model: { type: 'string', default: 'Starter-7M-Instruct-Q8_0.gguf' },
    suites: { type: 'string' },
    limit: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const lanes = Number(values.lanes);
const path = here(`../resources/models/${values.model}`);
const maxTokens = 64;
/** Labelled sets mostly are like this: one instruction with a few examples, then many texts. */
const fewShot = {
  sentiment: `You classify customer reviews by sentiment. Respond with just positive, negative or neutral.
The soup was cold and the waiter was rude. negative
I will come back with my whole family. positive
The shop opens at nine and closes at six. neutral
My phone broke after two days. negative
A lovely little place with friendly people. positive
They sell shoes and bags. neutral`,
  arithmetic: `You add, subtract and multiply small numbers. Respond with just the number, without the question and without words.
What is 3 plus 4? 7
What is 12 minus 5? 7
What is 6 times 7? 42
What is 20 plus 31? 51
What is 9 minus 9? 0
What is 8 times 3? 24`,
} as const;

const home = mkdtempSync(join(tmpdir(), 'rightsize-matrix-'));
const services = await openServices(home);
const peer = fork(here('./matrixPeer.ts'), [], { execArgv: [] });
try {
  console.log(
    `CPU ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}, load average ${loadavg()[0]?.toFixed(2)}`,
  );
  await ask(peer, { kind: 'load', path, contextTokens: 1024 });
  const modelId = services.library.list().find((artifact) => artifact.id === values.model.replace(/\.gguf$/, '').toLowerCase())?.id;
  if (modelId === undefined) throw new Error(`There is no ${values.model} among the models that ship.`);
  const suites = values.suites?.split(',') ?? null;
  if (suites !== null) await compare(modelId, suites, values.limit === undefined ? null : Number(values.limit));
  else {
    for (const suite of ['arithmetic', 'sentiment'] as const) await compare(modelId, [await addFewShot(suite)], null);
    await compare(modelId, ['closed-output'], null);
    await compare(modelId, ['sentiment', 'routing'], 60);
  }
} finally {
  peer.kill('SIGKILL');
  await services.dispose();
  rmSync(home, { recursive: true, force: true });
}

/** A suite that ships, with one instruction for all of its items. */
async function addFewShot(suite: keyof typeof fewShot): Promise<string> {
  const items = readFileSync(here(`../resources/suites/${suite}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const file = join(home, `few-shot-${suite}.jsonl`);
  writeFileSync(file, items.map((line) => JSON.stringify({ ...JSON.parse(line), system: fewShot[suite] })).join('\n'));
  return (await services.benchmarks.addDataset(file, { skipBad: false })).suite.id;
}

async function compare(modelId: string, suiteIds: readonly string[], itemLimit: number | null): Promise<void> {
  const plan = RunPlan.parse({ modelIds: [modelId], suiteIds, itemLimit, maxTokens, contextTokens: 1024, lanes });
  const times = {
    ours: [] as number[],
    alone: [] as number[],
    beside: [] as number[],
    wall: [] as number[],
    fresh: [] as number[],
    session: [] as number[],
  };
  let count = 0;
  let last: readonly Sample[] = [];
  let different = { fresh: '', session: '' };
  for (let round = 0; round < rounds; round++) {
    const ours = await runOurs(plan);
    count = ours.samples.length;
    last = ours.samples;
    const turns = (['fresh', 'session'] as const).map((kind) => async () => {
      // A session an item is so slow that a part of them tells enough.
      const asked = ours.samples.filter((_, index) => kind === 'fresh' || index % 5 === 0);
      const items = asked.map(({ system, input }): PeerItem => ({ system, input }));
      const { elapsedMs, outputs } = await ask<PeerAnswer>(peer, { kind, items, maxTokens });
      times[kind].push(elapsedMs / items.length);
      const others = outputs.filter((output, index) => output.trim() !== asked[index]?.output?.trim()).length;
      different = { ...different, [kind]: `${others} of ${items.length}` };
    });
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
    times.ours.push(ours.answeringMs / count);
    times.alone.push(ours.aloneMs);
    times.beside.push(ours.besideMs);
    times.wall.push(ours.wallMs / count);
  }
  const ratio = (other: readonly number[], own: readonly number[]): string =>
    median(other.map((value, index) => value / (own[index] ?? Number.NaN))).toFixed(1);
  const mean = (of: (sample: Sample) => number | undefined): string =>
    (last.reduce((sum, sample) => sum + (of(sample) ?? 0), 0) / last.length).toFixed(0);
  const tokens = `${mean((sample) => sample.usage?.promptTokens)} tokens a prompt, ${mean((sample) => sample.usage?.completionTokens)} an answer`;
  console.log(`\n${suiteIds.join(' + ')}, ${count} items, ${tokens}, ${values.model}, ${lanes} lanes, ${rounds} rounds, medians\n`);
  console.log('| way | ms an item | as long as ours | as long as our lanes | other answers |\n|---|---|---|---|---|');
  console.log(`| run engine, answering | ${median(times.ours).toFixed(2)} | 1 | | |`);
  console.log(`| of it the first 20, alone | ${median(times.alone).toFixed(2)} | | | |`);
  console.log(`| of it the rest, ${lanes} lanes | ${median(times.beside).toFixed(2)} | | | |`);
  console.log(`| run engine with its starts and loads | ${median(times.wall).toFixed(2)} | | | |`);
  console.log(
    `| a fresh request at a time | ${median(times.fresh).toFixed(2)} | ${ratio(times.fresh, times.ours)} | ${ratio(times.fresh, times.beside)} | ${different.fresh} |`,
  );
  console.log(
    `| a new chat session an item | ${median(times.session).toFixed(2)} | ${ratio(times.session, times.ours)} | ${ratio(times.session, times.beside)} | ${different.session} |`,
  );
}

/** From the first question to the last answer written down, starts of processes left out. */
async function runOurs(plan: RunPlan) {
  const startedAt = performance.now();
  const { runId } = await services.benchmarks.start(plan);
  await services.benchmarks.whenSettled(runId);
  const wallMs = performance.now() - startedAt;
  const { samples } = services.benchmarks.samples({ runId, failingOnly: false, offset: 0, limit: 500 });
  const alone = spanOf(samples.filter((sample) => sample.work?.beside === 1));
  const beside = spanOf(samples.filter((sample) => sample.work?.beside !== 1));
  await services.benchmarks.remove(runId);
  return {
    samples,
    wallMs,
    answeringMs: alone.ms + beside.ms,
    aloneMs: alone.ms / Math.max(1, alone.count),
    besideMs: beside.ms / Math.max(1, beside.count),
  };
}

function spanOf(samples: readonly Sample[]): { readonly ms: number; readonly count: number } {
  if (samples.length === 0) return { ms: 0, count: 0 };
  const from = Math.min(...samples.map((sample) => sample.finishedAt - (sample.timings?.totalMs ?? 0)));
  return { ms: Math.max(...samples.map((sample) => sample.finishedAt)) - from, count: samples.length };
}

async function openServices(folder: string): Promise<Services> {
  const root = appRoot();
  const opened = await createServices({
    host: 'cli',
    version: 'bench',
    electronVersion: null,
    paths: {
      data: folder,
      logs: join(folder, 'logs'),
      bundledModels: join(root, 'resources/models'),
      bundledSuites: join(root, 'resources/suites'),
    },
    env: {},
    home: join(folder, 'home'),
    platform: process.platform,
    secrets: createFileSecrets(join(folder, 'secrets')),
    spawnRunner: createNodeRunnerSpawner({ runnerScript: runnerScript(root) }),
    log: { error: console.error, warn: () => undefined, info: () => undefined },
  });
  await opened.library.whenScanned();
  return opened;
}

function ask<Answer>(child: ReturnType<typeof fork>, question: PeerQuestion): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the other side’s process ended'));
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer as Answer);
    });
    child.send(question);
  });
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
