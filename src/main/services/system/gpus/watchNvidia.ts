import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { runnerEnvironment } from '#main/supervisor/runnerEnvironment.ts';
import type { GpuCard } from './gpuCard.ts';
import { cardQuery, findNvidiaSmi, parseCardRow, type ToolWorld } from './nvidiaSmi.ts';
import { isAsleep } from './sysfsCards.ts';

export interface NvidiaWatch {
  start(): void;
  /** @returns when the process has ended, after 2 s at the latest */
  stop(): Promise<void>;
  /** The last reading of each card; a card that has not been heard of lately is there with nothing known but its name and memory. */
  cards(): GpuCard[];
}

export interface NvidiaWatchOptions extends ToolWorld {
  readonly now: () => number;
  /** Waits between attempts, the last of them for good; given by tests. */
  readonly pausesMs?: readonly number[];
  /** Between two readings; a second unless told. */
  readonly everyMs?: number;
}

const secondMs = 1000;
/** Readings that are older are no longer told. */
const freshMs = 4500;
/** The driver takes some seconds to start where nothing else holds it open. */
const stalledMs = 20_000;
const leavingMs = 2000;
const mostLineLength = 2000;
/** A tool that prints so much and never a reading is none of ours. */
const mostNoise = 200_000;
const defaultPausesMs = [5_000, 30_000, 120_000];

/**
 * Reads NVIDIA cards, once a second unless told, through one nvidia-smi that is kept running: starting it anew each time costs more than the reading.
 * It only asks the driver, no GPU context is made. A tool that ends, stalls or prints rubbish is ended and tried again after ever longer pauses.
 */
export function createNvidiaWatch(options: NvidiaWatchOptions): NvidiaWatch {
  const { now, env, everyMs = secondMs } = options;
  const pausesMs = options.pausesMs ?? defaultPausesMs;
  const readings = new Map<number, { readonly card: GpuCard; readonly at: number }>();
  let generation = 0;
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let heardAt = 0;

  async function attempt(mine: number): Promise<void> {
    const tool = await findNvidiaSmi(options);
    // Without the driver's tool there is nothing to come back: the next one who listens looks again.
    if (tool === undefined || mine !== generation) return;
    if (await isAsleep(options.sysfs, 'nvidia')) return tryAgain(mine);
    if (mine === generation) launch(tool, mine);
  }

  function launch(tool: string, mine: number): void {
    const started = spawn(tool, [...cardQuery, '-lms', String(everyMs)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...runnerEnvironment(env), LC_ALL: 'C' },
      windowsHide: true,
    });
    child = started;
    heardAt = now();
    const gone = Promise.withResolvers<void>();
    ended = gone.promise;
    const lines = lineReader(
      (line) => readLine(line),
      () => started.kill('SIGKILL'),
    );
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (child === started) lines.push(text);
    });
    const leave = (): void => {
      gone.resolve();
      if (child !== started) return;
      child = undefined;
      tryAgain(mine);
    };
    // One that could not be started has no exit.
    started.once('error', () => {
      if (started.pid === undefined) leave();
    });
    started.once('exit', () => {
      // A grandchild that holds the pipe must not keep it open.
      started.stdout.destroy();
      leave();
    });

    function readLine(line: string): boolean {
      const row = parseCardRow(line);
      if (row === undefined) return false;
      readings.set(row.index, { card: row.card, at: now() });
      heardAt = now();
      failures = 0;
      return true;
    }
  }

  function tryAgain(mine: number): void {
    if (mine !== generation) return;
    timer = setTimeout(() => void attempt(mine), pausesMs[Math.min(failures, pausesMs.length - 1)]);
    timer.unref();
    failures++;
  }

  return {
    start() {
      generation++;
      failures = 0;
      void attempt(generation);
    },
    async stop() {
      generation++;
      clearTimeout(timer);
      readings.clear();
      const leaving = child;
      child = undefined;
      leaving?.kill('SIGKILL');
      // One that waits for a driver that hangs does not even end when it is killed.
      await Promise.race([ended, wait(leavingMs, undefined, { ref: false })]);
    },
    cards() {
      if (child !== undefined && now() - heardAt > stalledMs) child.kill('SIGKILL');
      return [...readings.entries()].toSorted(([a], [b]) => a - b).map(([, { card, at }]) => (now() - at <= freshMs ? card : silent(card)));
    },
  };
}

function silent(card: GpuCard): GpuCard {
  return { ...card, loadPercent: null, usedBytes: null, freeBytes: null, temperatureCelsius: null, powerWatts: null };
}

/** Cuts a stream into lines, and gives up on one that is nothing but noise. `read` says whether a line was of use. */
function lineReader(read: (line: string) => boolean, giveUp: () => void): { push(text: string): void } {
  let pending = '';
  let noise = 0;
  return {
    push(text) {
      const lines = (pending + text).split('\n');
      pending = (lines.pop() ?? '').slice(0, mostLineLength);
      noise += text.length;
      for (const line of lines) if (line.length <= mostLineLength && read(line)) noise = 0;
      if (noise > mostNoise) giveUp();
    },
  };
}
