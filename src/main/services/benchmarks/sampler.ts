import { type EnergyCounter, openEnergyCounter } from '#main/services/system/energyCounter.ts';
import type { GpuCard } from '#main/services/system/gpus/gpuCard.ts';
import { createGpuCards, type GpuCards } from '#main/services/system/gpus/gpuCards.ts';

/** What the machine's sensors saw while something was done; null = no sensor, or nothing heard of it meanwhile. */
export interface Sensed {
  readonly joules: number | null;
  /** 0 to 1, of the busiest card, mean over the time. */
  readonly gpuUtilisation: number | null;
  /** Highest memory in use on all cards together, whoever holds it. */
  readonly gpuMemoryBytes: number | null;
}

/** Watches the machine during a run, ten times a second. */
export interface WorkSampler {
  /**
   * Begins to watch one sample. Several may be watched at the same time, but energy belongs to one only while it is alone.
   * @param options.onGpu whether a GPU does the work: its energy then counts, and a counter of the processor alone says too little
   */
  startSampling(options: { readonly onGpu: boolean }): { end(): Sensed };
  close(): Promise<void>;
}

interface Watch {
  readonly onGpu: boolean;
  readonly joulesBefore: number | null;
  gpuJoules: number | null;
  heardAt: number;
  utilisation: number;
  readings: number;
  memoryBytes: number | null;
}

const everyMs = 100;

/**
 * Opens the sensors for a run: NVIDIA by one nvidia-smi that is kept running, AMD by sysfs, the processor's energy by Linux powercap. macOS
 * and Windows have no counter of energy that a user may read. Without any sensor nothing is read at all.
 * @param options.sysfs `/sys`
 */
export async function openWorkSampler(options: {
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly sysfs: string;
}): Promise<WorkSampler> {
  const cards = createGpuCards({ ...options, everyMs });
  const [energy, present] = await Promise.all([openEnergyCounter(options), cards.read()]);
  return createWorkSampler({ energy, cards: present.length > 0 ? cards : null, now: () => performance.now() });
}

/**
 * The sampler over given sensors.
 * @param sensors.now a clock that never goes back, milliseconds
 */
export function createWorkSampler(sensors: {
  readonly energy: EnergyCounter | null;
  readonly cards: Pick<GpuCards, 'start' | 'latest' | 'stop'> | null;
  readonly now: () => number;
}): WorkSampler {
  const { energy, cards, now } = sensors;
  const watches = new Set<Watch>();
  let latest: readonly GpuCard[] = [];
  let isReading = false;
  const timer = cards === null ? undefined : setInterval(() => void read(cards), everyMs);
  timer?.unref();
  cards?.start();

  async function read(from: Pick<GpuCards, 'latest'>): Promise<void> {
    if (isReading) return;
    isReading = true;
    try {
      latest = await from.latest();
      for (const watch of watches) note(watch, latest, now());
    } finally {
      isReading = false;
    }
  }

  return {
    startSampling({ onGpu }) {
      const watch: Watch = {
        onGpu,
        joulesBefore: energy?.read() ?? null,
        gpuJoules: null,
        heardAt: now(),
        utilisation: 0,
        readings: 0,
        memoryBytes: null,
      };
      watches.add(watch);
      return {
        end() {
          watches.delete(watch);
          // An answer may be shorter than the time between two readings: the last one then stands for it.
          note(watch, latest, now());
          return sensed(watch, energy?.read() ?? null);
        },
      };
    },
    async close() {
      clearInterval(timer);
      watches.clear();
      await cards?.stop();
    },
  };
}

/** Adds the time since the last reading at the power that is read now. */
function note(watch: Watch, cards: readonly GpuCard[], at: number): void {
  const seconds = (at - watch.heardAt) / 1000;
  watch.heardAt = at;
  const watts = sum(cards.map((card) => card.powerWatts));
  if (watts !== null) watch.gpuJoules = (watch.gpuJoules ?? 0) + watts * seconds;
  const load = cards.reduce<number | null>((most, card) => larger(most, card.loadPercent), null);
  if (load !== null) {
    watch.utilisation += load / 100;
    watch.readings += 1;
  }
  watch.memoryBytes = larger(watch.memoryBytes, sum(cards.map((card) => card.usedBytes)));
}

function sensed(watch: Watch, joulesNow: number | null): Sensed {
  const processor = joulesNow === null || watch.joulesBefore === null ? null : joulesNow - watch.joulesBefore;
  return {
    joules: watch.onGpu ? (watch.gpuJoules === null ? null : watch.gpuJoules + (processor ?? 0)) : processor,
    gpuUtilisation: watch.onGpu && watch.readings > 0 ? watch.utilisation / watch.readings : null,
    gpuMemoryBytes: watch.onGpu ? watch.memoryBytes : null,
  };
}

/** Null only where nothing is known of any. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (value === null ? total : (total ?? 0) + value), null);
}

function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
