import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxAvailability } from '#main/services/sandbox/pythonSandbox.ts';
import type { Database } from '#main/storage/database.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { DoctorCheck } from '#shared/contract/system.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { checkGpu, type GpuCheckNeeds } from './checkGpu.ts';
import { checkHub, type HubFacts } from './checkHub.ts';
import { checkSandbox } from './checkSandbox.ts';
import type { DeviceReport } from './probeDevices.ts';

export interface DoctorNeeds {
  readonly database: Database;
  readonly dataFolder: string;
  readonly nodeVersion: string;
  readonly freeBytes: () => Promise<number | null>;
  readonly availableMemory: () => Promise<number>;
  readonly probe: () => Promise<DeviceReport>;
  /** What the system shows of its GPUs, whatever the engine makes of them. */
  readonly gpus: () => Promise<Omit<GpuCheckNeeds, 'devices'>>;
  /** After the library has been looked through. */
  readonly artifacts: () => Promise<readonly Artifact[]>;
  /** Absent where the settings cannot be read. */
  readonly hub: HubFacts | undefined;
  /** Absent without the data folder; null where nobody has opened it yet. */
  readonly sandbox: (() => Promise<SandboxAvailability | null>) | undefined;
}

/** The oldest Node with the `node:sqlite` that is used here. */
const leastNode = [24, 15] as const;
const leastFreeBytes = 2e9;
const leastMemoryBytes = 2 * 2 ** 30;

/** Looks at everything Rightsize stands on. Never throws: what fails is a check that is not ok. */
export async function runDoctor(needs: DoctorNeeds): Promise<DoctorCheck[]> {
  const report = await attempt(needs.probe);
  return [
    checkNode(needs.nodeVersion),
    await checkDataFolder(needs.dataFolder),
    await checkDisk(needs),
    checkDatabase(needs.database),
    checkEngine(report),
    await checkGpu({ devices: report.ok ? report.value.devices : [], ...(await needs.gpus()) }),
    await checkMemory(needs),
    ...(await checkModels(needs)),
    ...(needs.hub === undefined ? [] : await checkHub(needs.hub)),
    ...(needs.sandbox === undefined ? [] : [checkSandbox(await needs.sandbox())]),
  ];
}

function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isOk = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return check('node', isOk, `Node ${version}`, `Node ${leastNode.join('.')} or newer is needed: \`npm ci\` in the checkout brings it.`);
}

async function checkDataFolder(folder: string): Promise<DoctorCheck> {
  const path = join(folder, `.writable-${randomUUID()}`);
  const written = await attempt(async () => {
    await writeFile(path, 'x');
    await rm(path);
  });
  return check(
    'data-folder',
    written.ok,
    written.ok ? `${folder} can be written` : `${folder} cannot be written: ${written.message}`,
    'Check its permissions, or set RIGHTSIZE_HOME to another folder.',
  );
}

async function checkDisk(needs: DoctorNeeds): Promise<DoctorCheck> {
  const freeBytes = await needs.freeBytes();
  if (freeBytes === null) return check('disk', true, 'Free space of the data folder’s disk is unknown', null);
  return check(
    'disk',
    freeBytes >= leastFreeBytes,
    `${(freeBytes / 1e9).toFixed(1)} GB free`,
    'Free some space: models take 1 GB and more each.',
  );
}

function checkDatabase(database: Database): DoctorCheck {
  try {
    const problems = database.problems();
    return check(
      'database',
      problems.length === 0,
      problems[0] ?? 'The database is sound',
      'Close Rightsize, copy the data folder, and start again with an empty one if reading fails.',
    );
  } catch (error) {
    const { message, hint } = toRpcErrorData(error);
    return check('database', false, message, hint ?? null);
  }
}

function checkEngine(report: Attempt<DeviceReport>): DoctorCheck {
  return check(
    'engine',
    report.ok,
    report.ok ? report.value.engine : `The engine does not start: ${report.message}`,
    'Install Rightsize again: `npm ci` in a checkout.',
  );
}

async function checkMemory(needs: DoctorNeeds): Promise<DoctorCheck> {
  const availableBytes = await needs.availableMemory();
  return check(
    'memory',
    availableBytes >= leastMemoryBytes,
    `${(availableBytes / 2 ** 30).toFixed(1)} GiB of memory available`,
    'Close other programs, or use small models.',
  );
}

async function checkModels(needs: DoctorNeeds): Promise<DoctorCheck[]> {
  const artifacts = await needs.artifacts();
  const starters = artifacts.filter((artifact) => artifact.owner === 'bundled' && artifact.state === 'ready');
  const broken = artifacts.filter((artifact) => artifact.state === 'broken');
  return [
    check(
      'starter-models',
      starters.length > 0,
      `${starters.length} starter models`,
      'Install Rightsize again: resources/models is missing or damaged.',
    ),
    check(
      'library',
      broken.length === 0,
      broken.length === 0
        ? `${artifacts.length} models, none broken`
        : `${broken.length} of ${artifacts.length} models ${broken.length === 1 ? 'is' : 'are'} broken: ${namesOf(broken)}`,
      'Look at them with `rightsize list`: each says what is wrong with it.',
    ),
  ];
}

function check(id: string, ok: boolean, detail: string, hint: string | null): DoctorCheck {
  return { id, ok, detail, hint: ok ? null : hint };
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, message: toRpcErrorData(error).message };
  }
}

function namesOf(artifacts: readonly Artifact[]): string {
  const names = artifacts.slice(0, 3).map((artifact) => artifact.id);
  return `${names.join(', ')}${artifacts.length > names.length ? ` and ${artifacts.length - names.length} more` : ''}`;
}
