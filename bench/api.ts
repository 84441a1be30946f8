import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '#core/seededRandom.ts';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import { abortMany } from './apiAborts.ts';
import { askApi } from './apiClient.ts';
import { askRunner, generation, rendered } from './apiGeneration.ts';
import { type ApiHost, nothingAsked, sized, startApiHost, tireless } from './apiHost.ts';
import { type BareProcess, startBare } from './bareProcess.ts';
import { Contender, compete, tableHead, tableRow } from './contender.ts';
import { quantile } from './quantile.ts';

/**
 * What the local API costs over the engine alone, with the real host and real HTTP: generation, a follow-up message, eight programs at once,
 * programs that hang up, and generation by a model of a real one's size. Contenders take turns within one run, so that a busy machine is as busy for each of them.
 *
 * Usage: node bench/api.ts [--rounds 9] [--tokens 256] [--requests 200] [--threads N] [--only generation,followUp,parallel,aborts,latency,sized]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    tokens: { type: 'string', default: '256' },
    requests: { type: 'string', default: '200' },
    threads: { type: 'string' },
    only: { type: 'string', default: 'generation,followUp,parallel,aborts,latency,sized' },
  },
});
const [rounds, tokens, requests] = [Number(values.rounds), Number(values.tokens), Number(values.requests)];
/** As the app chooses, unless told. */
const askedThreads = values.threads === undefined ? null : Number(values.threads);
const only = new Set(values.only.split(','));
const clients = 8;
const contextTokens = 4096;
const batchTokens = 128;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const host = await startApiHost({ withSized: only.has('sized') });
const bare = startBare();
const splitBares: BareProcess[] = [];
const supervisor = createRunnerSupervisor({
  spawnRunner: createNodeRunnerSpawner({ runnerScript: here('../src/main/runner/entry.js') }),
  log: { error: console.error, warn: console.error, info: () => undefined },
});
const runner = await supervisor.start('bench');
try {
  await host.rpc.call('server.configure', { parallel: clients });
  const loaded = await host.rpc.call('models.load', {
    id: tireless,
    options: { ...nothingAsked, contextTokens, sequences: clients, threads: askedThreads },
  });
  const threads = loaded.threads ?? 1;
  console.log(
    `CPU ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.version}, load average ${loadavg()[0]?.toFixed(2)}`,
  );
  console.log(
    `${loaded.name}, threads ${threads}${askedThreads === null ? ' as the app chose' : ''}, ${loaded.sequences} sequences of ${contextTokens} tokens, batch ${batchTokens}, greedy, ${rounds} rounds\n`,
  );
  const load = { backend: 'cpu', contextTokens, batchTokens, threads, sequences: clients, gpuLayers: 0 } as const;
  await runner.load({ ...load, path: host.modelPath, flashAttention: true, kvType: 'f16', useMmap: false });
  await bare.tell({ kind: 'load', path: host.modelPath, contextTokens, threads, batchTokens, sequences: clients });
  if (only.has('generation')) await generation({ bare, runner, host, model: tireless }, { rounds, tokens });
  if (only.has('followUp')) await followUp();
  if (only.has('parallel')) await parallel(threads);
  if (only.has('aborts')) await abortMany(host, { requests, random: seededRandom(7) });
  if (only.has('latency')) await abortLatency(host);
  if (host.sizedPath !== null) await sizedGeneration(host.sizedPath);
} finally {
  for (const one of [bare, ...splitBares]) one.stop();
  await supervisor.dispose();
  await host.stop();
}

/** The same of a model whose token takes tens of milliseconds, as large as people use. */
async function sizedGeneration(path: string): Promise<void> {
  const ofBare = startBare();
  const ofRunner = await supervisor.start('sized');
  try {
    const loaded = await host.rpc.call('models.load', { id: sized, options: { ...nothingAsked, contextTokens: 1024, sequences: 1 } });
    const load = { contextTokens: 1024, batchTokens, threads: loaded.threads ?? 1, sequences: 1 } as const;
    await ofRunner.load({ ...load, path, backend: 'cpu', gpuLayers: 0, flashAttention: true, kvType: 'f16', useMmap: false });
    await ofBare.tell({ kind: 'load', path, ...load });
    console.log(`${loaded.name}, threads ${load.threads} as the app chose, 1 sequence of ${load.contextTokens} tokens\n`);
    await generation({ bare: ofBare, runner: ofRunner, host, model: sized }, { rounds: Math.min(rounds, 5), tokens: 64, warmUps: 1 });
  } finally {
    ofBare.stop();
    await ofRunner.stop();
  }
}

/** The first piece of an answer to a message that follows a long conversation, and to the same length of something new. */
async function followUp(): Promise<void> {
  const follow: number[] = [];
  const fresh: number[] = [];
  let words = '';
  for (let round = 0; round < rounds; round++) {
    const long = (name: string): string => `${name} ${round}. ${'The support team wrote a short report about a late order. '.repeat(120)}`;
    const first = { role: 'user', content: long('Case') } as const;
    await askApi(host, { messages: [first], tokens: 1 });
    const messages = [first, { role: 'assistant', content: 'Noted.' }, { role: 'user', content: 'And what then?' }] as const;
    const turns = [
      async () => {
        const { ttftMs, promptTokens, cachedTokens } = await askApi(host, { messages, tokens: 8 });
        words = `${promptTokens} tokens, ${cachedTokens} of them known, ${promptTokens - cachedTokens} evaluated`;
        follow.push(ttftMs);
      },
      async () => {
        const other = [{ role: 'user', content: long('Other') } as const, ...messages.slice(1)];
        fresh.push((await askApi(host, { messages: other, tokens: 8 })).ttftMs);
      },
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  console.log('| first piece of | ms, median | slowest |');
  console.log('|---|---|---|');
  console.log(`| a follow-up (${words}) | ${quantile(follow, 0.5).toFixed(0)} | ${Math.max(...follow).toFixed(0)} |`);
  console.log(`| as much that is new | ${quantile(fresh, 0.5).toFixed(0)} | ${Math.max(...fresh).toFixed(0)} |\n`);
}

/** Eight programs at once against the binding's own eight sequences, and against one answer after the other on as many threads. */
async function parallel(threads: number): Promise<void> {
  const texts = (round: number): readonly string[] =>
    Array.from({ length: clients }, (_, client) => `${client}, round ${round}: say what you think of it.`);
  const shares: number[] = [];
  const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const ofBare = new Contender({
    pid: bare.pid,
    work: async (round) => (await bare.tell({ kind: 'runMany', prompts: texts(round).map(rendered), tokens })).generatedTokens,
  });
  const oneByOne = new Contender({
    pid: bare.pid,
    async work(round) {
      let made = 0;
      for (const text of texts(round))
        made += (await bare.tell({ kind: 'run', prompt: rendered(text), tokens, temperature: 0, seed: 1 })).generatedTokens;
      return made;
    },
  });
  const ofRunner = new Contender({
    pid: runner.pid ?? 0,
    work: async (round) => sumOf(await Promise.all(texts(round).map((content) => askRunner(runner, { content, tokens })))),
  });
  const ofApi = new Contender({
    pid: host.pid,
    async work(round) {
      const all = await Promise.all(texts(round).map((content) => askApi(host, { messages: [{ role: 'user', content }], tokens })));
      const rates = all.map(({ generatedTokens, totalMs }) => generatedTokens / totalMs);
      shares.push(Math.min(...rates) / (sumOf(rates) / clients));
      return sumOf(all.map(({ generatedTokens }) => generatedTokens));
    },
  });
  const split = await splitCores(threads, texts);
  await compete(rounds, [ofBare, oneByOne, ...split, ofRunner, ofApi]);
  console.log(`${clients} programs at once, ${tokens} tokens each; tok/s of all together\n\n${tableHead}`);
  console.log(tableRow(`binding, ${clients} sequences batched`, ofBare, ofBare));
  console.log(tableRow('binding, one after the other', oneByOne, ofBare));
  for (const one of split) console.log(tableRow(`binding, ${threads} processes of one thread, batched in each`, one, ofBare));
  console.log(tableRow('runner over its pipe', ofRunner, ofBare));
  console.log(tableRow('API over HTTP', ofApi, ofBare));
  if (split.length === 0) console.log('\nWith one thread there are no cores to split among processes.');
  console.log(
    `\nThe slowest program got ${quantile(shares, 0.5).toFixed(2)} of an even share (median; ${Math.min(...shares).toFixed(2)} in the worst round).\n`,
  );
}

/** As many processes of one thread each as the app would take threads, the programs shared out among them. None where that is one. */
async function splitCores(threads: number, texts: (round: number) => readonly string[]): Promise<readonly Contender[]> {
  const count = Math.min(threads, clients);
  if (count === 1) return [];
  const shareOf = <T>(all: readonly T[], index: number): readonly T[] => all.filter((_, client) => client % count === index);
  for (let index = 0; index < count; index++) {
    const one = startBare();
    splitBares.push(one);
    const sequences = shareOf(Array.from({ length: clients }), index).length;
    await one.tell({ kind: 'load', path: host.modelPath, contextTokens, threads: 1, batchTokens, sequences });
  }
  const work = async (round: number): Promise<number> => {
    const made = await Promise.all(
      splitBares.map((one, index) => one.tell({ kind: 'runMany', prompts: shareOf(texts(round), index).map(rendered), tokens })),
    );
    return made.reduce((sum, { generatedTokens }) => sum + generatedTokens, 0);
  };
  return [new Contender({ pid: splitBares.map(({ pid }) => pid), work })];
}

/** How long the host needs to let go of an answer when its program hangs up while a long prompt is read: of one, and of eight at once. */
async function abortLatency(of: ApiHost): Promise<void> {
  console.log('| hung up while a long prompt is read | ms until released, median | slowest |');
  console.log('|---|---|---|');
  for (const count of [1, clients]) {
    const took: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const controllers = Array.from({ length: count }, () => new AbortController());
      const asked = controllers.map(({ signal }, index) => {
        const content = `${count} ${round} ${index} ${'The support team wrote a short report about a late order. '.repeat(250)}`;
        return askApi(of, { messages: [{ role: 'user', content }], tokens: 8, signal }).catch((error: unknown) => error);
      });
      await of.untilUsers(count);
      // Into the reading, which takes far longer.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const abortedAt = performance.now();
      for (const controller of controllers) controller.abort();
      took.push((await of.untilUsers(0)) - abortedAt);
      const outcomes = await Promise.all(asked);
      if (outcomes.some((outcome) => !(outcome instanceof Error)))
        throw new Error('An answer came before it was hung up on; the prompt is too short.');
    }
    console.log(`| ${count === 1 ? 'one' : `${count} at once`} | ${quantile(took, 0.5).toFixed(0)} | ${Math.max(...took).toFixed(0)} |`);
  }
}
