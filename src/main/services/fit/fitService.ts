import type { FitCalibration, FitMachine } from '#core/fit/fitTypes.ts';
import type { LoadBaseline } from '#core/fit/loadBaseline.ts';
import type { ArtifactShape, EngineBytes, FitTarget, LoadObservation, Placement } from '#shared/contract/fit.ts';

/** What a load told, for the record. */
export type ObservedLoad = Omit<LoadObservation, 'id' | 'at' | 'tokensPerSecond'> & {
  /** As it was shown, at half the context. */
  readonly estimatedTokensPerSecond: number | null;
  /** The estimate without what was learned here. */
  readonly baseline: LoadBaseline;
};

/** What a loaded model has generated. */
export interface GeneratedSpeed {
  readonly tokensPerSecond: number;
  readonly generatedTokens: number;
  /** Tokens in the context, in the middle of the answer. */
  readonly depthTokens: number;
}

/** What is known about where a model's bytes go on this machine: computed, simulated by the engine, and observed. */
export interface FitService {
  /** Shapes of models on this disk, read from their headers and kept while the files stay the same. Unknown ids are left out. */
  shapes(ids: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<ArtifactShape[]>;
  /** The machine as it is now, with what loads here taught. Opens no GPU. */
  machine(): Promise<FitMachine>;
  /**
   * The engine's own dry run, in a process of its own, within a few seconds. Kept by header, placement, backend and engine.
   * @returns null and the reason in words where it could not be made
   */
  simulate(
    target: FitTarget,
    wish: { readonly backend: EngineBytes['backend']; readonly placement: Placement },
    options?: { readonly signal?: AbortSignal },
  ): Promise<{ readonly engine: EngineBytes | null; readonly reason: string | null }>;
  /** Ends the process of the dry runs: what a GPU's driver keeps for it is neither there for a load nor part of what the load takes. */
  endDryRuns(): Promise<void>;
  /** Notes what a load took. Never throws: a note is not worth a loaded model. @returns its id, or null where it could not be kept */
  record(load: ObservedLoad): string | null;
  /** Notes how fast a load that was recorded has answered, if it answered long enough to tell. Never throws. */
  recordSpeed(observationId: string, speed: GeneratedSpeed): void;
  /** Notes the memory of a load's process after it has worked: the most that was seen is kept. Never throws. */
  recordResident(observationId: string, memory: Pick<LoadObservation['measured'], 'residentBytes' | 'totalBytes'>): void;
  observations(options: { readonly artifactId: string | null; readonly limit: number }): LoadObservation[];
  /** Of the GPU that was used last, and of the processor. */
  calibration(): FitCalibration;
  dispose(): Promise<void>;
}
