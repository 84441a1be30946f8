import type { FitCalibration, FitMachine } from '#core/fit/fitTypes.ts';
import type { ArtifactShape, EngineBytes, FitTarget, LoadObservation, Placement } from '#shared/contract/fit.ts';

/** What a load told, for the record. */
export type ObservedLoad = Omit<LoadObservation, 'id' | 'at' | 'tokensPerSecond'> & { readonly estimatedTokensPerSecond: number | null };

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
  /** Notes what a load took. Never throws: a note is not worth a loaded model. @returns its id, or null where it could not be kept */
  record(load: ObservedLoad): string | null;
  /** Notes the generation speed of a load that was recorded. Never throws. */
  recordSpeed(observationId: string, tokensPerSecond: number): void;
  observations(options: { readonly artifactId: string | null; readonly limit: number }): LoadObservation[];
  /** Of the GPU that was used last, and of the processor. */
  calibration(): FitCalibration;
  dispose(): Promise<void>;
}
