import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * How fast a file comes from a hub on this machine, beside curl and aria2c: the same server and limits, taking turns, each in a process of its own.
 * Ours syncs the file to the disk and checks its sha256; curl does neither, aria2c checks it where the row says so.
 *
 * Usage: node bench/download.ts [--rounds 5] [--mebibytes 1024] [--only free,limited,drops]
 */
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, mebibytes: { type: 'string', default: '1024' }, only: { type: 'string' } },
});
const rounds = Number(values.rounds);
const sizeBytes = Number(values.mebibytes) * 2 ** 20;
const repo = 'bench/model-GGUF';
const path = 'model-Q4_K_M.gguf';

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakRssBytes: number | null;
  readonly redundantBytes: number;
}

interface Tool {
  readonly name: string;
  readonly isOurs?: true;
  /** Shell command that leaves the file at `$OUT`. */
  readonly command?: (hub: Hub) => string;
}

interface Hub {
  readonly url: string;
  readonly fileUrl: string;
  readonly sha256: string;
  readonly process: ChildProcess;
}

const conditions = [
  { key: 'free', name: 'no limit', faults: [] },
  { key: 'limited', name: '40 MB/s a connection', faults: [{ kind: 'cdn', throttle: 40e6 }] },
  {
    key: 'drops',
    name: 'five cuts',
    faults: [{ kind: 'cdn', minBytes: 4 * 2 ** 20, drop: { min: 2 ** 20, max: 4e8 }, times: 5, seed: 7 }],
  },
].filter((condition) => values.only === undefined || values.only.split(',').includes(condition.key));

const aria = 'aria2c -q -x8 -s8 -k1M --file-allocation=none --allow-overwrite=true -d "$(dirname "$OUT")" -o "$(basename "$OUT")"';
const tools: readonly Tool[] = [
  { name: 'Rightsize', isOurs: true },
  ...(isInstalled('curl')
    ? [{ name: 'curl', command: (hub: Hub) => `until curl -sS -L -C - -o "$OUT" '${hub.fileUrl}' 2>/dev/null; do :; done` }]
    : []),
  ...(isInstalled('curl') && isInstalled('sha256sum')
    ? [
        {
          name: 'curl, then sync and sha256sum',
          command: (hub: Hub) =>
            `until curl -sS -L -C - -o "$OUT" '${hub.fileUrl}' 2>/dev/null; do :; done; sync -d "$OUT"; sha256sum -b "$OUT" >/dev/null`,
        },
      ]
    : []),
  ...(isInstalled('aria2c')
    ? [
        { name: 'aria2c -x8', command: (hub: Hub) => `${aria} '${hub.fileUrl}'` },
        { name: 'aria2c -x8 with sha256', command: (hub: Hub) => `${aria} --checksum=sha-256=${hub.sha256} '${hub.fileUrl}'` },
      ]
    : []),
];
/** Tells the processor time and peak memory of a command; without it these columns stay empty. */
const timeProgram = existsSync('/usr/bin/time') ? '/usr/bin/time' : null;

const folder = mkdtempSync(join(tmpdir(), 'rightsize-bench-'));
const hub = await startHub();
try {
  console.log(
    `CPU ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.version}`,
  );
  console.log(`${values.mebibytes} MiB, ${rounds} rounds taking turns, load average ${loadavg()[0]?.toFixed(2)}`);
  for (const missing of ['curl', 'aria2c'].filter((name) => !isInstalled(name))) console.log(`${missing} is not installed and left out.`);
  for (const condition of conditions) await compare(condition);
} finally {
  hub.process.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function compare(condition: (typeof conditions)[number]): Promise<void> {
  const runs = new Map<string, Run[]>(tools.map((tool) => [tool.name, []]));
  for (let round = 0; round < rounds; round++) {
    // Whoever follows another may find its pages still on the way to the disk, so they swap.
    for (const tool of round % 2 === 0 ? tools : [...tools].reverse()) {
      runs.get(tool.name)?.push(await measure(tool, condition.faults));
    }
  }
  console.log(`\n${condition.name}\n`);
  console.log('| who | time s | speed of ours over theirs | CPU s | peak MB | fetched twice MB |\n|---|---|---|---|---|---|');
  const ours = runs.get('Rightsize') ?? [];
  for (const [name, own] of runs) {
    const ratios = own.map((run, index) => run.seconds / (ours[index]?.seconds ?? Number.NaN));
    const seconds = own.map((run) => run.seconds);
    const cells = [
      name,
      `${median(seconds).toFixed(2)} (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})`,
      name === 'Rightsize' ? '' : median(ratios).toFixed(2),
      shown(
        own.map((run) => run.cpuSeconds),
        1,
        1,
      ),
      shown(
        own.map((run) => run.peakRssBytes),
        1e6,
        0,
      ),
      shown(
        own.map((run) => run.redundantBytes),
        1e6,
        1,
      ),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function measure(tool: Tool, faults: readonly unknown[]): Promise<Run> {
  const out = mkdtempSync(join(folder, 'run-'));
  await fetch(`${hub.url}/__faults`, { method: 'PUT', body: JSON.stringify(faults) });
  await fetch(`${hub.url}/__stats`, { method: 'DELETE' });
  try {
    const run = tool.command === undefined ? await runOurs(out) : await runCommand(tool.command(hub), join(out, 'file'));
    const stats = (await (await fetch(`${hub.url}/__stats`)).json()) as { files: Record<string, { redundantBytes?: number }> };
    return { ...run, redundantBytes: stats.files[`${repo}/${path}`]?.redundantBytes ?? 0 };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function runOurs(out: string): Promise<Omit<Run, 'redundantBytes'>> {
  const { stdout } = await finish(spawn(process.execPath, ['--optimize-for-size', here('./downloadOurs.ts'), hub.url, repo, path, out]));
  return JSON.parse(stdout) as Run;
}

async function runCommand(command: string, out: string): Promise<Omit<Run, 'redundantBytes'>> {
  const shell = ['sh', '-c', command];
  const [program = 'sh', ...args] = timeProgram === null ? shell : [timeProgram, '-f', '%U %S %M', ...shell];
  const startedAt = performance.now();
  const { stderr } = await finish(spawn(program, args, { env: { ...process.env, OUT: out } }));
  const seconds = (performance.now() - startedAt) / 1000;
  const [user, system, kibibytes] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (timeProgram === null) return { seconds, cpuSeconds: null, peakRssBytes: null };
  return { seconds, cpuSeconds: (user ?? 0) + (system ?? 0), peakRssBytes: (kibibytes ?? 0) * 1024 };
}

async function finish(child: ChildProcess): Promise<{ readonly stdout: string; readonly stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`A download ended with ${code}: ${stderr}`);
  return { stdout, stderr };
}

async function startHub(): Promise<Hub> {
  const root = join(folder, 'hub');
  mkdirSync(join(root, repo), { recursive: true });
  writeFileSync(join(root, repo, 'model.json'), JSON.stringify({ virtual: { [path]: { size: sizeBytes, seed: 3 } } }));
  const child = spawn(process.execPath, [here('../tests/fixtures/hub/hubsim.mjs'), '--root', root, '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string };
    const fileUrl = `${url}/${repo}/resolve/main/${path}`;
    // The simulator hashes the file when it is first asked for.
    const answer = await fetch(fileUrl, { method: 'HEAD', redirect: 'manual' });
    return { url, fileUrl, sha256: (answer.headers.get('x-linked-etag') ?? '').replaceAll('"', ''), process: child };
  }
  throw new Error('The simulator did not start.');
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function shown(all: readonly (number | null)[], unit: number, digits: number): string {
  const known = all.filter((value) => value !== null);
  return known.length === 0 ? '–' : (median(known) / unit).toFixed(digits);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN)) / 2;
}
