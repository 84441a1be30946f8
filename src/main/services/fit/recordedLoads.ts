import { randomUUID } from 'node:crypto';
import { type CalibrationLoad, calibrate, median } from '#core/fit/calibration.ts';
import { type FitCalibration, noCalibration } from '#core/fit/fitTypes.ts';
import { expectedSeconds } from '#core/fit/loadBaseline.ts';
import type { Database } from '#main/storage/database.ts';
import { loadTable, type RecordedLoad } from '#main/storage/loadTable.ts';
import type { EngineShare, LoadLesson, LoadObservation } from '#shared/contract/fit.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { FitService } from './fitService.ts';

/** Enough to find five of the last engine on each device. */
const loadsToLearnFrom = 100;
/** Of a shorter answer the first tokens are a large part, which other work of the process slows. */
const leastGeneratedTokens = 32;
/** Their median hardly moves any more. */
const answersKept = 15;

export type RecordedLoads = Pick<FitService, 'record' | 'recordSpeed' | 'recordResident' | 'observations' | 'calibration'>;

/** What loads took, and what is learned from them. A note that cannot be kept is logged and costs nothing else. */
export function createRecordedLoads(options: {
  readonly database: Database;
  /** Of RAM, bytes a second, as estimates are made with; null = not measured. */
  readonly bandwidth: () => number | null;
  readonly log: Log;
  readonly now: () => number;
}): RecordedLoads {
  const { log, now } = options;
  const table = loadTable(options.database);
  let known: { readonly calibration: FitCalibration; readonly bandwidth: number | null } | null = null;

  function kept<T>(what: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (error instanceof RpcError) log.warn('fit.not-kept', { what, reason: error.code });
      else log.error('fit.not-kept', { what, error });
      return null;
    }
  }

  function change(id: string, what: string, changed: (load: RecordedLoad) => RecordedLoad | null): void {
    kept(what, () => {
      const load = table.get(id);
      const next = load === undefined ? null : changed(load);
      if (next === null) return;
      table.update(next);
      known = null;
    });
  }

  return {
    record({ estimatedTokensPerSecond, baseline, ...load }) {
      return kept('load', () => {
        const observation: LoadObservation = {
          ...load,
          id: randomUUID(),
          at: now(),
          tokensPerSecond: { estimated: estimatedTokensPerSecond, measured: null },
        };
        table.insert({ observation, lesson: toLesson(baseline, estimatedTokensPerSecond) });
        known = null;
        return observation.id;
      });
    },

    recordSpeed(id, { tokensPerSecond, generatedTokens, depthTokens }) {
      if (!(generatedTokens >= leastGeneratedTokens && tokensPerSecond > 0 && depthTokens >= 0)) return;
      if (!Number.isFinite(tokensPerSecond) || !Number.isFinite(depthTokens)) return;
      change(id, 'speed', ({ observation, lesson }) => {
        if (lesson.answers.length >= answersKept) return null;
        const next = { ...lesson, answers: [...lesson.answers, { tokensPerSecond, depthTokens }] };
        return { observation: { ...observation, tokensPerSecond: speedsOf(next) }, lesson: next };
      });
    },

    recordResident(id, { residentBytes, totalBytes }) {
      if (!Number.isFinite(residentBytes) || !Number.isFinite(totalBytes)) return;
      change(id, 'memory', ({ observation, lesson }) => {
        const { measured } = observation;
        if (residentBytes <= measured.residentBytes) return null;
        return { observation: { ...observation, measured: { ...measured, residentBytes, totalBytes } }, lesson };
      });
    },

    observations: (wish) => table.list(wish).map(({ observation }) => observation),

    calibration() {
      const learned = kept('calibration', () => {
        const bandwidth = options.bandwidth();
        if (known?.bandwidth === bandwidth) return known;
        const loads = table.list({ artifactId: null, limit: loadsToLearnFrom }).map(toCalibrationLoad);
        known = { calibration: calibrate(loads, bandwidth), bandwidth };
        return known;
      });
      return learned?.calibration ?? noCalibration;
    },
  };
}

function toLesson(baseline: CalibrationLoad['baseline'], estimatedTokensPerSecond: number | null): LoadLesson {
  const { speed } = baseline;
  return { baseline: { ...baseline, speed: speed === null ? null : [speed[0], speed[1]] }, estimatedTokensPerSecond, answers: [] };
}

/** The estimate was shown for half the context: it is moved to where the answers were. */
function speedsOf({ baseline, estimatedTokensPerSecond, answers }: LoadLesson): LoadObservation['tokensPerSecond'] {
  const depthTokens = median(answers.map((answer) => answer.depthTokens));
  const there = expectedSeconds(baseline, depthTokens);
  const shown = baseline.speed?.[1].seconds ?? null;
  const moved = estimatedTokensPerSecond === null || there === null || shown === null ? null : estimatedTokensPerSecond * (shown / there);
  return { estimated: moved, measured: median(answers.map((answer) => answer.tokensPerSecond)) };
}

function toCalibrationLoad({ observation, lesson }: RecordedLoad): CalibrationLoad {
  const { artifactId, engine, backend, device, placement, layers, measured } = observation;
  return {
    artifactId,
    engine,
    backend,
    device,
    isWholeOnGpu: backend !== 'cpu' && placement.gpuLayers >= layers,
    gpuReservedBytes: bytesOf(measured.gpu),
    gpuLostBytes: measured.gpuLostBytes,
    residentBytes: measured.residentBytes,
    baseline: lesson.baseline,
    answers: lesson.answers,
  };
}

function bytesOf({ weights, kvAndState, compute }: EngineShare): number {
  return weights + kvAndState + compute;
}
