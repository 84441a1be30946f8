import type { SandboxPage } from '#main/services/sandbox/sandboxPage.ts';
import type { SpawnRunner } from '#main/supervisor/runnerProcess.ts';
import type { DesktopState } from '#shared/contract/desktop.ts';
import type { Log } from '#shared/log.ts';

/** A place for secrets: the operating system's keychain, or a file that only the user may read. */
export interface Secrets {
  /** False where what is stored is not encrypted for this user (Linux without a keyring, a plain file). Said on screen. */
  isProtected(): Promise<boolean>;
  /** @returns null when there is none, or when it cannot be decrypted any more. */
  get(name: SecretName): Promise<string | null>;
  /** Null forgets it. */
  set(name: SecretName, value: string | null): Promise<void>;
}
export type SecretName = 'hub-token' | 'api-key' | `endpoint-key:${string}`;

/** What only the desktop has: windows, tray, keys that work everywhere. */
export interface DesktopShell {
  state(): DesktopState;
  /** @param address within the page, `#/chat/…` */
  showPage(address: string): void;
  hideQuickPrompt(): void;
}

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
  /** The environment and home folder that paths, endpoint, token and proxies are looked up in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly secrets: Secrets;
  /** The system's proxy for an address as `http://host:port`; null = direct. Absent where only the environment says. */
  readonly resolveProxy?: (url: string) => Promise<string | null>;
  readonly spawnRunner: SpawnRunner;
  readonly log: Log;
  /** Opens the host's file dialog. Absent where there is none: an authenticated user types a path instead. Empty when dismissed. */
  readonly pickFiles?: (query: { readonly kind: 'folder' | 'gguf' | 'dataset' }) => Promise<readonly string[]>;
  /**
   * Opens a page for code of models: a browser's sandbox with no files, no network and nothing of the app. Absent where a host has no browser at
   * all. Rejects with `sandbox-missing` where none is installed.
   */
  readonly openSandbox?: () => Promise<SandboxPage>;
  readonly desktop?: DesktopShell;
  /** Https and named hosts only; the host checks again. */
  readonly openExternal?: (url: string) => Promise<void>;
}
