import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { LoadedModel, LoadOptions } from '#shared/contract/models.ts';
import type { Routes } from '#shared/contract/routes.ts';
import { connectRpc } from '#shared/rpc/connectRpc.ts';
import type { FramePipe } from '#shared/rpc/frames.ts';
import type { ItemOf, Rpc } from '#shared/rpc/routeTable.ts';
import { frozenShape } from '../tests/fixtures/fit/frozenTable.ts';
import { writeSmallModel } from '../tests/fixtures/fit/smallModel.ts';
import { writeTirelessModel } from '../tests/fixtures/gguf/tirelessModel.ts';

/** The model that never ends an answer by itself, as the library calls it. */
export const tireless = 'tireless';
/** One of a real model's size, that says its first word for ever: Qwen3 0.6B without its weights. */
export const sized = 'qwen3-0.6b-shape';
const template = '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_and|>\n{% endfor %}<|im_start|>assistant\n';
export const nothingAsked: LoadOptions = {
  contextTokens: null,
  threads: null,
  gpuLayers: null,
  kvType: null,
  flashAttention: null,
  sequences: null,
};

/** What is held once all garbage has been collected. */
export interface Holdings {
  readonly host: Held;
  /** All runners together. */
  readonly runner: Held;
  /** Open sockets of the host, the page's own pipe among them. Null where the system does not tell. */
  readonly sockets: number | null;
}

interface Held {
  readonly residentMib: number;
  /** Of JavaScript: its heap, and the buffers that belong to it. */
  readonly heapMib: number;
}

/** A serve host of its own, on a data folder of its own, with the tireless model in it. */
export interface ApiHost {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly modelPath: string;
  /** Of the larger model; null where it was not asked for. */
  readonly sizedPath: string | null;
  readonly rpc: Rpc<Routes>;
  readonly pid: number;
  /** As told last. */
  loaded(): LoadedModel | undefined;
  /** Resolves with the time at which the model had so many askers, as the host told it. */
  untilUsers(users: number): Promise<number>;
  holdings(): Promise<Holdings>;
  stop(): Promise<void>;
}

/** Starts the real host as its users do: a process, real HTTP, the page's own pipe for settings. */
export async function startApiHost(options: { readonly withSized: boolean }): Promise<ApiHost> {
  const home = mkdtempSync(join(tmpdir(), 'rightsize-bench-api-'));
  mkdirSync(join(home, 'models'), { recursive: true });
  const modelPath = writeTirelessModel(join(home, 'models', 'Tireless.gguf'));
  const sizedPath = options.withSized ? join(home, 'models', 'Qwen3-0.6B-shape.gguf') : null;
  if (sizedPath !== null) writeSmallModel(sizedPath, await frozenShape('qwen3-0.6b.Q4_K_M'), template);
  const script = fileURLToPath(new URL('../src/main/hosts/serve/main.js', import.meta.url));
  const heaps = join(home, 'heaps');
  mkdirSync(heaps);
  const collecting = ['--expose-gc', '--import', new URL('./collectOnSignal.ts', import.meta.url).href];
  const child = spawn(process.execPath, [...collecting, script, '--json', '--port', '0', '--api-port', '0'], {
    env: { ...process.env, RIGHTSIZE_HOME: home, BENCH_HEAPS: heaps },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url, apiUrl, apiKey } = JSON.parse(await firstLine(child)) as { url: string; apiUrl: string; apiKey: string };
  const rpc = connectRpc<Routes>(await openPipe(url));
  await untilListed(rpc, [tireless, ...(sizedPath === null ? [] : [sized])]);
  let models: readonly LoadedModel[] = [];
  const watching = new Set<() => void>();
  rpc
    .stream(
      'models.loaded',
      {},
      {
        onItem({ models: now }) {
          models = now;
          for (const look of watching) look();
        },
      },
    )
    .catch(() => undefined);
  const loaded = (): LoadedModel | undefined => models.find(({ artifactId }) => artifactId === tireless);
  return {
    apiUrl,
    apiKey,
    modelPath,
    sizedPath,
    pid: child.pid ?? 0,
    rpc,
    loaded,
    untilUsers: (users) =>
      new Promise((resolve, reject) => {
        const tooLong = globalThis.setTimeout(
          () => reject(new Error(`The model never had ${users} askers; it has ${loaded()?.users}.`)),
          60_000,
        );
        const look = (): void => {
          if ((loaded()?.users ?? 0) !== users) return;
          watching.delete(look);
          clearTimeout(tooLong);
          resolve(performance.now());
        };
        watching.add(look);
        look();
      }),
    async holdings() {
      const pid = child.pid ?? 0;
      const [host, ...runners] = await Promise.all([pid, ...childrenOf(pid)].map((one) => collected(one, heaps)));
      if (host === undefined) throw new Error('The host is gone.');
      const sum = (of: keyof Held): number => runners.reduce((total, runner) => total + runner[of], 0);
      return { host, runner: { residentMib: sum('residentMib'), heapMib: sum('heapMib') }, sockets: socketsOf(pid) };
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The library looks through its folders after the start. */
async function untilListed(rpc: Rpc<Routes>, wanted: readonly string[]): Promise<void> {
  const seen = new AbortController();
  const listed = new Set<string>();
  await new Promise<void>((resolve, reject) => {
    const tooLong = globalThis.setTimeout(() => reject(new Error(`The library has ${[...listed]}, not ${wanted}.`)), 20_000);
    const onItem = (change: ItemOf<Routes['library.changes']>): void => {
      const artifacts = change.kind === 'snapshot' ? change.artifacts : change.kind === 'artifact' ? [change.artifact] : [];
      for (const { id } of artifacts) listed.add(id);
      if (!wanted.every((id) => listed.has(id))) return;
      clearTimeout(tooLong);
      resolve();
    };
    rpc.stream('library.changes', {}, { onItem, signal: seen.signal }).catch(reject);
  });
  seen.abort();
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('exit', (code) => reject(new Error(`The host ended with ${code} before it was ready.`)));
  });
}

/** The page's pipe, opened as its page would: by the cookie that its address gives. */
async function openPipe(url: string): Promise<FramePipe> {
  const page = await fetch(url, { redirect: 'manual' });
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { origin } = new URL(url);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/pipe`, { headers: { cookie, origin } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const off = (): void => undefined;
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    onFrame(listener) {
      socket.on('message', (data: Buffer) => listener(JSON.parse(data.toString('utf8'))));
      return off;
    },
    onClose(listener) {
      socket.on('close', listener);
      return off;
    },
  };
}

/** Lets a process collect its garbage, and reads what it wrote down then. */
async function collected(pid: number, folder: string): Promise<Held> {
  const path = join(folder, `${pid}.json`);
  rmSync(path, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(path)) await setTimeout(20);
  const { rss, heapUsed, external } = JSON.parse(readFileSync(path, 'utf8')) as NodeJS.MemoryUsage;
  return { residentMib: rss / 2 ** 20, heapMib: (heapUsed + external) / 2 ** 20 };
}

function childrenOf(pid: number): readonly number[] {
  return readOr(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function socketsOf(pid: number): number | null {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((name) => linkOr(`/proc/${pid}/fd/${name}`));
    return links.filter((link) => link.startsWith('socket:')).length;
  } catch {
    return null;
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
