import type { SpawnRunner } from '#main/supervisor/runnerProcess.ts';
import type { Log } from '#shared/log.ts';

/** All that services ask of a host. Paths are absolute. */
export interface HostPorts {
  readonly host: 'desktop' | 'serve' | 'cli';
  readonly version: string;
  readonly electronVersion: string | null;
  readonly paths: {
    readonly data: string;
    readonly logs: string;
    readonly bundledModels: string;
    readonly bundledSuites: string;
  };
  readonly spawnRunner: SpawnRunner;
  readonly log: Log;
  /** Opens the host's file dialog. Absent where there is none: an authenticated user types a path instead. Empty when dismissed. */
  readonly pickFiles?: (query: { readonly kind: 'folder' | 'gguf' }) => Promise<readonly string[]>;
  /** Https and named hosts only; the host checks again. */
  readonly openExternal?: (url: string) => Promise<void>;
}
