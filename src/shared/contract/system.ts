import * as z from 'zod';
import type { FitCalibration } from '#core/fit/fitTypes.ts';
import { GpuDevice } from './runner.ts';

export const systemErrors = {
  dataFolderInUse: 'data-folder-in-use',
  dataFolderUnwritable: 'data-folder-unwritable',
  databaseNewer: 'database-newer',
  databaseBroken: 'database-broken',
  diskFull: 'disk-full',
  portInUse: 'port-in-use',
  pageMissing: 'page-missing',
  usage: 'usage',
} as const;

/** What this machine is. Unknown is null, never 0. */
export const Hardware = z.object({
  cpu: z.object({
    model: z.string().nullable(),
    physicalCores: z.number().nullable(),
    logicalCores: z.number(),
    features: z.array(z.string()),
  }),
  memory: z.object({
    totalBytes: z.number(),
    availableBytes: z.number(),
    /** Measured copy rate of all cores, bytes read plus bytes written a second (as STREAM Copy counts); null until measured. */
    bandwidthBytesPerSecond: z.number().nullable(),
    bandwidthMeasuredAt: z.number().nullable(),
    /** True where other programs were busy in every round: it is at least so much, and worth measuring again. */
    bandwidthIsLeast: z.boolean().optional(),
  }),
  gpus: z.array(GpuDevice),
  disk: z.object({ path: z.string(), freeBytes: z.number().nullable(), totalBytes: z.number().nullable() }),
  engine: z.string().nullable(),
  platform: z.string(),
  /** What loads on this machine taught about estimates. */
  calibration: z.custom<FitCalibration>(),
  readAt: z.number(),
});
export type Hardware = z.infer<typeof Hardware>;

/** One reading of the live page, about once a second while somebody looks. */
export const HardwareLoad = z.object({
  at: z.number(),
  cpuPercent: z.number(),
  memoryUsedBytes: z.number(),
  memoryTotalBytes: z.number(),
  ownResidentBytes: z.number(),
  runnersResidentBytes: z.number(),
  /** Read from the system's own tools, never by opening the GPU. Null = the system does not tell. */
  gpus: z.array(
    z.object({
      name: z.string(),
      loadPercent: z.number().nullable(),
      memoryUsedBytes: z.number().nullable(),
      memoryTotalBytes: z.number().nullable(),
      temperatureCelsius: z.number().nullable(),
      powerWatts: z.number().nullable(),
    }),
  ),
});
export type HardwareLoad = z.infer<typeof HardwareLoad>;

/** A program that holds memory, all its processes together; what closing it would give back. */
export const MemoryHolder = z.object({ name: z.string(), bytes: z.number(), processes: z.number() });
export type MemoryHolder = z.infer<typeof MemoryHolder>;
/** Largest first, without the system's own and without Rightsize. `gpu` is empty where the driver does not tell. */
export const MemoryHolders = z.object({ ram: z.array(MemoryHolder), gpu: z.array(MemoryHolder) });
export type MemoryHolders = z.infer<typeof MemoryHolders>;

export const DoctorCheck = z.object({ id: z.string(), ok: z.boolean(), detail: z.string(), hint: z.string().nullable() });
export type DoctorCheck = z.infer<typeof DoctorCheck>;

export const About = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'serve', 'cli']),
  platform: z.string(),
  dataFolder: z.string(),
  logsFolder: z.string(),
  /** Null until a runner has told it. */
  engine: z.string().nullable(),
  node: z.string(),
  electron: z.string().nullable(),
  /** Whether the host can open a file dialog; without one the page asks for a typed path. */
  canPickFiles: z.boolean(),
});
export type About = z.infer<typeof About>;
