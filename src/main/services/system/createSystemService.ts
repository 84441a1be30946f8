import { availableParallelism, totalmem } from 'node:os';
import { type FitCalibration, noCalibration } from '#core/fit/fitTypes.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import type { Database } from '#main/storage/database.ts';
import { factTable } from '#main/storage/factTable.ts';
import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import type { Hardware } from '#shared/contract/system.ts';
import type { Log } from '#shared/log.ts';
import type { HostPorts } from '../hostPorts.ts';
import { readAvailableMemory } from './availableMemory.ts';
import type { HubFacts } from './checkHub.ts';
import { readDiskSpace } from './diskSpace.ts';
import { createGpuCards } from './gpus/gpuCards.ts';
import { createGpuFacts } from './gpus/gpuFacts.ts';
import { readGpuProcesses } from './gpus/nvidiaSmi.ts';
import { readHolders } from './holders/readHolders.ts';
import { bandwidthBlockBytes, measureBandwidth } from './measureBandwidth.ts';
import { type DeviceReport, mayHaveGpu, probeDevices } from './probeDevices.ts';
import { type CpuFacts, readCpu } from './readCpu.ts';
import { runDoctor } from './runDoctor.ts';
import type { SystemService } from './systemService.ts';
import { createLoadWatch } from './watchLoad.ts';

export interface SystemServiceOptions {
  readonly ports: Pick<HostPorts, 'host' | 'version' | 'electronVersion' | 'paths' | 'pickFiles' | 'env' | 'platform'>;
  readonly database: Database;
  readonly supervisor: RunnerSupervisor;
  readonly log: Log;
  readonly now: () => number;
  readonly runnersResidentBytes: () => Promise<number>;
  /** Every artifact, once the library has been looked through. */
  readonly artifacts: () => Promise<readonly Artifact[]>;
  /** What loads here taught; absent without the data folder. */
  readonly calibration?: () => FitCalibration;
  /** Absent where there are no settings to read: without the data folder. */
  readonly hub?: HubFacts;
  /** Absent where no code is run: without the data folder. */
  readonly sandbox?: PythonSandbox;
}

/** What other services ask of this one. */
export interface MachineFacts {
  /** GPUs that the engine can use, with what is free now; the engine is asked once, and not at all where the system shows that there is none. */
  gpus(): Promise<readonly GpuDevice[]>;
  /** Cores that threads can keep busy. */
  cores(): Promise<number>;
  /** Of RAM, bytes a second, as it was measured last; null until then. */
  bandwidth(): number | null;
  recordEngine(engine: string): void;
}

interface MemoryBandwidth {
  readonly bytesPerSecond: number;
  readonly measuredAt: number;
  readonly isLeast: boolean;
}

/** A core more does not add bandwidth beyond this, and every one takes memory. */
const mostBandwidthWorkers = 16;

export function createSystemService(options: SystemServiceOptions): SystemService & MachineFacts {
  const { ports, supervisor, log, now, sandbox } = options;
  const facts = factTable(options.database);
  const world = { env: ports.env, platform: ports.platform, sysfs: '/sys' };
  const gpus = createGpuFacts({
    probe: () => probeOnce(),
    cards: createGpuCards({ ...world, now }),
    memory: async () => ({ availableBytes: await readAvailableMemory(), bandwidthBytesPerSecond: bandwidth()?.bytesPerSecond ?? null }),
    platform: ports.platform,
    log,
  });
  const loadWatch = createLoadWatch({
    now,
    availableMemory: readAvailableMemory,
    runnersResidentBytes: options.runnersResidentBytes,
    gpus: gpus.live,
  });
  let cpu: Promise<CpuFacts> | undefined;
  let probe: Promise<DeviceReport> | undefined;

  const readCpuOnce = (): Promise<CpuFacts> => {
    cpu ??= readCpu();
    return cpu;
  };

  function probeOnce(): Promise<DeviceReport> {
    probe ??= probeDevices(supervisor).then(
      (report) => {
        recordEngine(report.engine);
        return report;
      },
      (error: unknown) => {
        // A failed probe is asked again next time: a driver may come back.
        probe = undefined;
        throw error;
      },
    );
    return probe;
  }

  function bandwidth(): MemoryBandwidth | null {
    const fact = facts.read('memory-bandwidth');
    if (typeof fact?.value === 'number') return { bytesPerSecond: fact.value, measuredAt: fact.recordedAt, isLeast: false };
    const atLeast = (fact?.value as { atLeast?: unknown } | undefined)?.atLeast;
    return fact !== undefined && typeof atLeast === 'number'
      ? { bytesPerSecond: atLeast, measuredAt: fact.recordedAt, isLeast: true }
      : null;
  }

  function recordEngine(engine: string): void {
    if (system.engine() !== engine) facts.write('engine', engine, now());
  }

  const system: SystemService & MachineFacts = {
    about: () => ({
      version: ports.version,
      host: ports.host,
      platform: `${process.platform}-${process.arch}`,
      dataFolder: ports.paths.data,
      logsFolder: ports.paths.logs,
      engine: system.engine(),
      node: process.versions.node,
      electron: ports.electronVersion,
      canPickFiles: ports.pickFiles !== undefined,
    }),
    engine() {
      const stored = facts.read('engine')?.value;
      return typeof stored === 'string' ? stored : null;
    },
    recordEngine,

    async hardware({ refresh = false } = {}) {
      if (refresh) {
        // One probe at a time: the supervisor has one process for it.
        await Promise.allSettled([probe]);
        cpu = undefined;
        probe = undefined;
        gpus.forget();
      }
      const [cpuFacts, devices, availableBytes, disk] = await Promise.all([
        readCpuOnce(),
        gpus.devices(),
        readAvailableMemory(),
        readDiskSpace(ports.paths.data),
      ]);
      const hardware: Hardware = {
        cpu: cpuFacts,
        memory: {
          totalBytes: totalmem(),
          availableBytes,
          bandwidthBytesPerSecond: bandwidth()?.bytesPerSecond ?? null,
          bandwidthMeasuredAt: bandwidth()?.measuredAt ?? null,
          ...(bandwidth()?.isLeast === true ? { bandwidthIsLeast: true } : {}),
        },
        gpus: devices,
        disk: { path: ports.paths.data, freeBytes: disk?.freeBytes ?? null, totalBytes: disk?.totalBytes ?? null },
        engine: system.engine(),
        platform: `${process.platform}-${process.arch}`,
        calibration: options.calibration?.() ?? noCalibration,
        readAt: now(),
      };
      return hardware;
    },
    async measureBandwidth({ signal } = {}) {
      const workers = Math.min(mostBandwidthWorkers, await system.cores());
      // Two blocks a worker: together at most a quarter of what is free.
      const bytes = Math.min(bandwidthBlockBytes, Math.trunc((await readAvailableMemory()) / (8 * workers)));
      const { bytesPerSecond, isQuiet } = await measureBandwidth({ workers, bytes, ...(signal === undefined ? {} : { signal }) });
      const known = bandwidth();
      // On a busy machine the figure only says "at least so much": it does not take the place of a better one.
      if (isQuiet) facts.write('memory-bandwidth', bytesPerSecond, now());
      else if (known === null || bytesPerSecond > known.bytesPerSecond) facts.write('memory-bandwidth', { atLeast: bytesPerSecond }, now());
      return await system.hardware();
    },

    async gpus() {
      return (await mayHaveGpu(ports.env)) ? await gpus.devices() : [];
    },
    async cores() {
      const { physicalCores } = await readCpuOnce();
      return Math.min(physicalCores ?? availableParallelism(), availableParallelism());
    },
    bandwidth: () => bandwidth()?.bytesPerSecond ?? null,

    subscribeLoad: (listener) => loadWatch.subscribe(listener),
    holders: () => readHolders({ platform: ports.platform, ownPid: process.pid, gpuProcesses: () => readGpuProcesses(world) }),
    doctor: ({ opensSandbox } = { opensSandbox: false }) =>
      runDoctor({
        database: options.database,
        dataFolder: ports.paths.data,
        nodeVersion: process.versions.node,
        freeBytes: async () => (await readDiskSpace(ports.paths.data))?.freeBytes ?? null,
        availableMemory: readAvailableMemory,
        probe: probeOnce,
        gpus: async () => ({ ...world, dev: '/dev', cards: await gpus.cards() }),
        artifacts: options.artifacts,
        hub: options.hub,
        sandbox: sandbox && (async () => (opensSandbox ? sandbox.availability() : sandbox.known())),
      }),
    async dispose() {
      await loadWatch.dispose();
      await Promise.allSettled([probe, cpu, gpus.dispose()]);
    },
  };
  return system;
}
