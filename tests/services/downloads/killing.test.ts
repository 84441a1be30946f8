import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { openDatabase } from '#main/storage/database.ts';
import { createDownloadTable } from '#main/storage/downloadTable.ts';
import { hubTokens, startHub, type TestHub } from '../../fixtures/hub/startHub.ts';
import { repeats } from '../../fixtures/thorough.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { bytesSent, filesBelow, sha256Of, virtualRepo } from './downloadHarness.ts';
import type { HostTask } from './downloadHost.ts';

/** One round has up to twelve of them, and both layouts take turns. */
const moments = repeats({ quick: 14, thorough: 50 });
const repo = 'org/Killed-1B-GGUF';
const part = (index: number): string => `Q8_0/Killed-1B-Q8_0-0000${index}-of-00002.gguf`;
const partBytes = 3_000_000;
const projectorBytes = 500_000;
const totalBytes = 2 * partBytes + projectorBytes;
/** More than a transfer may have received and not yet noted as safe, over all its connections. */
const chunkBytes = 16 * 2 ** 20;
const files = { [part(1)]: partBytes, [part(2)]: partBytes, 'mmproj-F16.gguf': projectorBytes };

/** Repeatable numbers from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Round {
  readonly hub: TestHub;
  readonly folder: string;
  readonly data: string;
  readonly target: string;
  /** What every process of the round has printed. */
  readonly printed: string[];
}

async function newRound(hub: TestHub): Promise<Round> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'bystander.gguf'), 'not yours');
  hub.resetStats();
  return { hub, folder, data: join(folder, 'data'), target: join(folder, 'target'), printed: [] };
}

/** When a process is killed: so long after it was started, or after the hub has sent it so many bytes; whatever comes first. */
interface Death {
  readonly afterMs?: number;
  readonly afterBytes?: number;
  /** Or as soon as a file gets its final name. */
  readonly atFinalName: boolean;
}

/** Runs a process until it ends or is killed. @returns whether it ended by itself, well */
async function runUntil(round: Round, argv: readonly string[], death: Death | null): Promise<boolean> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment(round) };
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => round.printed.push(chunk.toString()));
  const die = (): void => void child.kill('SIGKILL');
  const sentBefore = round.hub.stats().bytes;
  const timer = death?.afterMs === undefined ? undefined : setTimeout(die, death.afterMs);
  const look = setInterval(() => {
    if (round.hub.stats().bytes - sentBefore >= (death?.afterBytes ?? Number.POSITIVE_INFINITY)) die();
  }, 5);
  const watcher = death?.atFinalName === true ? watch(round.target, { recursive: true }) : undefined;
  watcher?.on('change', (_kind, name) => {
    if (/(?:blobs\/[0-9a-f]{64}|\.gguf)$/.test(String(name))) die();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  clearInterval(look);
  watcher?.close();
  if (code !== null && code !== 0) throw new Error(`It ended with ${code}: ${round.printed.slice(-5).join('')}`);
  return code === 0;
}

const environment = ({ hub, data, target }: Round): Record<string, string> => ({
  HF_ENDPOINT: hub.url,
  HF_HUB_CACHE: target,
  HF_TOKEN: hubTokens.granted,
  RIGHTSIZE_HOME: data,
  HOME: data,
});

/** What must hold whenever the process has gone: whatever has a final name is whole, and `ready` means everything is. */
async function expectSound(round: Round): Promise<void> {
  const hashes = await trueHashes(round.hub);
  const final = filesBelow(round.target).filter((path) => path.endsWith('.gguf'));
  for (const path of final) expect(await sha256Of(join(round.target, path)), path).toBe(hashes.get(basename(path)));
  for (const path of filesBelow(round.target).filter((name) => /blobs\/[0-9a-f]{64}$/.test(name)))
    expect(await sha256Of(join(round.target, path))).toBe(basename(path));
  const state = stateInDatabase(round);
  if (state === 'ready')
    expect(final.map((path) => basename(path)).sort()).toEqual(
      Object.keys(files)
        .map((path) => basename(path))
        .sort(),
    );
}

function stateInDatabase({ data }: Round): string | null {
  const path = join(data, 'rightsize.db');
  if (!existsSync(path)) return null;
  const database = openDatabase(path);
  try {
    return createDownloadTable(database).list()[0]?.state ?? null;
  } finally {
    database.close();
  }
}

const hashesOf = new WeakMap<TestHub, Map<string, string>>();
async function trueHashes(hub: TestHub): Promise<Map<string, string>> {
  const known = hashesOf.get(hub);
  if (known !== undefined) return known;
  const answer = await fetch(`${hub.url}/api/models/${repo}/tree/main?recursive=true`, {
    headers: { authorization: `Bearer ${hubTokens.granted}` },
  });
  const tree = (await answer.json()) as { readonly path: string; readonly lfs?: { readonly oid: string } }[];
  const hashes = new Map(tree.flatMap((entry) => (entry.lfs === undefined ? [] : [[basename(entry.path), entry.lfs.oid] as const])));
  hashesOf.set(hub, hashes);
  return hashes;
}

/** What must hold at the end: everything there once, nothing left over, nothing else touched, the token nowhere. */
async function expectDone(round: Round, kills: number): Promise<void> {
  await expectSound(round);
  expect(stateInDatabase(round)).toBe('ready');
  expect(filesBelow(round.folder).filter((path) => path.includes('.incomplete'))).toEqual([]);
  expect(readdirSync(round.folder).sort()).toEqual(['bystander.gguf', 'data', 'target']);
  expect(readFileSync(join(round.folder, 'bystander.gguf'), 'utf8')).toBe('not yours');
  expect(bytesSent(round.hub) - totalBytes).toBeLessThanOrEqual(kills * chunkBytes);
  const written = filesBelow(round.data).filter((path) => lstatSync(join(round.data, path)).isFile());
  for (const path of written) expect(readFileSync(join(round.data, path)).includes(hubTokens.granted), path).toBe(false);
  expect(round.printed.join('')).not.toContain(hubTokens.granted);
}

test(`killed at ${moments} random moments, in both layouts, every file is right in the end and nothing else was touched`, {
  timeout: 400_000,
}, async () => {
  const hub = await startHub({ [repo]: virtualRepo(files, { gated: 'auto' }) }, { faults: [{ kind: 'data', linkThrottle: 8_000_000 }] });
  const random = seeded(20261121);
  let kills = 0;
  for (let index = 0; kills < moments; index++) {
    const round = await newRound(hub);
    const isFolder = index % 2 === 1;
    mkdirSync(round.target);
    const task: HostTask = { data: round.data, env: environment(round), folder: isFolder ? round.target : null, repo, file: part(1) };
    const argv = [join(import.meta.dirname, 'downloadHost.ts'), JSON.stringify(task)];
    let killsOfRound = 0;
    for (;;) {
      // One of six dies before it has begun, the others while they fetch, check, move and note; the thirteenth of a round may live.
      const atFinalName = killsOfRound < 8;
      const isEarly = random() < 1 / 6;
      const amount = random();
      const death = killsOfRound < 12 ? { ...(isEarly ? { afterMs: amount * 400 } : { afterBytes: amount * 5e6 }), atFinalName } : null;
      const isDone = await runUntil(round, argv, death);
      await expectSound(round);
      if (isDone) break;
      killsOfRound++;
    }
    await expectDone(round, killsOfRound);
    kills += killsOfRound;
  }
  expect(kills).toBeGreaterThanOrEqual(moments);
});

test('the command line, killed again and again, goes on with the same command', { timeout: 120_000 }, async () => {
  const hub = await startHub({ [repo]: virtualRepo(files, { gated: 'auto' }) }, { faults: [{ kind: 'data', linkThrottle: 1_500_000 }] });
  const random = seeded(7);
  const round = await newRound(hub);
  const argv = [join(appRoot(), 'src/main/hosts/cli/main.js'), 'pull', `${repo}/${part(1)}`, '--json'];
  let kills = 0;
  while (!(await runUntil(round, argv, kills < 5 ? { afterBytes: 100_000 + random() * 1e6, atFinalName: false } : null))) {
    kills++;
    await expectSound(round);
  }
  await expectDone(round, kills);
  expect(kills).toBe(5);
  const last = JSON.parse(round.printed.join('').trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(last).toMatchObject({ state: 'ready', sha256: (await trueHashes(hub)).get(basename(part(1))) });
});
