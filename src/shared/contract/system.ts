import * as z from 'zod';
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
  }),
  gpus: z.array(GpuDevice),
  disk: z.object({ path: z.string(), freeBytes: z.number().nullable(), totalBytes: z.number().nullable() }),
  engine: z.string().nullable(),
  platform: z.string(),
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
});
export type HardwareLoad = z.infer<typeof HardwareLoad>;

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
