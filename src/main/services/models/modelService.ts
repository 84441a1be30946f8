import type { RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { LoadPlan } from '#shared/contract/fit.ts';
import type { Artifact, LoadedModel, LoadOptions, ModelSettings } from '#shared/contract/models.ts';
import type { LoadRequest, LoadResult } from '#shared/contract/runner.ts';
import type { GeneratedSpeed } from '../fit/fitService.ts';

export type Purpose = 'chat' | 'benchmark';

export interface LoadingOptions {
  readonly signal?: AbortSignal;
  /** Share of the model that is loaded, 0 to 1. */
  readonly onProgress?: (progress: number) => void;
  /** Who asks: a chat of this app unless another program does. */
  readonly holder?: 'chat' | 'api';
  /** Whether it is to be shown pictures: then it is loaded with its projector, and one that was loaded without is loaded anew. */
  readonly sees?: boolean;
  /**
   * Context that is taken where none is asked for, as far as it fits and the model was trained for. A model that was loaded for a shorter one is loaded
   * anew.
   */
  readonly wishedContextTokens?: number | null;
  /**
   * How long after its last use it is unloaded, where this asker says so: 0 = at once, null = never. Left out: as the model's settings or the
   * app's say. It is the last asker's word that counts.
   */
  readonly keepAliveMs?: number | null;
}

export interface Asking {
  /** Whether what is left open is as the model's own settings say; true unless told. */
  readonly usesSettings?: boolean | undefined;
}

/** A loaded model in someone's hands. It stays loaded until the last holder releases it and the keep-alive has passed. */
export interface LoadedRunner {
  readonly artifact: Artifact;
  readonly generation: RunnerGeneration;
  readonly load: LoadResult;
  /** False when it was already loaded before. */
  readonly isFresh: boolean;
  /** Lets later estimates learn from how fast it has answered. */
  noteSpeed(speed: GeneratedSpeed): void;
  /** An error of its work; one that says that memory ran out also says, in `data.next`, how to load the model instead. */
  explained(error: unknown): unknown;
  release(): void;
}

/** A runner of its own for one configuration of a benchmark. */
export interface FreshRunner {
  readonly artifact: Artifact;
  readonly generation: RunnerGeneration;
  readonly request: LoadRequest;
  readonly load: LoadResult;
  /** Lets later estimates learn from how fast it was measured. */
  noteSpeed(speed: GeneratedSpeed): void;
  /** Stops it; resolves when its process is gone. Also on `await using`. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What only a benchmark's runners are told. */
export interface FreshOptions {
  /** Tells several runners of one model apart (0, 1, ...). */
  readonly lane?: number;
  /** Whether they share the file's pages instead of reading it into memory of their own; such a load is not noted. */
  readonly isMapped?: boolean;
}

/** Which models are loaded, who holds them, and how a model is loaded on this machine. */
export interface ModelService {
  /**
   * How a chat would load it now, and why, after reading its headers. Loads nothing.
   * @throws {RpcError} file-missing, shard-missing and codes of bad files; bad-input for wishes that contradict each other
   */
  plan(id: string, options: Partial<LoadOptions>, planning?: Asking & { readonly signal?: AbortSignal }): Promise<LoadPlan>;
  /**
   * Loads a model for a chat or another program, or takes the loaded one. Who asks while it is being loaded shares that load, which goes on as long as
   * one of them waits.
   * @throws {RpcError} model-in-use, model-not-loaded, runner-blocked, out-of-memory, load-failed and more; at once when the signal is set
   */
  acquire(id: string, options?: Partial<LoadOptions> & LoadingOptions): Promise<LoadedRunner>;
  /**
   * A process of its own with this model. A chat's runner of the same model is stopped first, after the answer it is giving.
   */
  fresh(id: string, options?: Partial<LoadOptions> & LoadingOptions & FreshOptions): Promise<FreshRunner>;
  /** Loads and keeps a model without a holder. */
  load(id: string, options: Partial<LoadOptions>, loading?: LoadingOptions & Asking): Promise<LoadedModel>;
  /**
   * How many requests the local API wants to have answered side by side while it runs; null = it does not run. Loads that follow make room for as many
   * as memory allows; what is loaded stays as it is while it is used.
   */
  setParallel(requests: number | null): void;
  /** How a model is loaded where nothing else is asked for. @throws {RpcError} model-not-found */
  settings(id: string): ModelSettings;
  /** Keeps them for the next load. @throws {RpcError} model-not-found; bad-input for settings that contradict each other; disk-full */
  saveSettings(id: string, settings: ModelSettings): ModelSettings;
  /** @throws {RpcError} model-in-use while a benchmark holds it */
  unload(id: string): Promise<void>;
  /** Lets a model be tried again after it crashed three times in a row. */
  unblock(id: string): void;
  /** Stops a model's runner, does the work with its files closed, and lets it be loaded again. @throws {RpcError} model-in-use */
  withStopped<T>(id: string, work: () => Promise<T>): Promise<T>;
  loaded(): LoadedModel[];
  /** Memory that all runners hold now, asked of each of them. */
  residentBytes(): Promise<number>;
  /** The whole list at once and whenever it changes. */
  subscribe(listener: (models: LoadedModel[]) => void): () => void;
  dispose(): Promise<void>;
}
