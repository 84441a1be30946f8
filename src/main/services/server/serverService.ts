import type { DatasetItem } from '#shared/contract/datasets.ts';
import type { LoggedRequest, Replayed, RequestDetail, ServerChange, ServerSettingsPatch, ServerState } from '#shared/contract/server.ts';

/** What a command line says of the server for this process. It holds until the same thing is set on the Server page. */
export interface StartWishes {
  /** A loopback name other than 127.0.0.1. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly lan?: boolean | undefined;
  /** Is not kept. */
  readonly key?: string | undefined;
  /** Takes any free port where the one of the settings is taken. */
  readonly fallsBack?: boolean | undefined;
}

/** The local API: when it runs, for whom, and what it was asked. */
export interface ServerService {
  state(): ServerState;
  /** Starts it, or gives the state where it runs. What goes wrong is the state's `problem`. */
  start(wishes?: StartWishes): Promise<ServerState>;
  stop(): Promise<ServerState>;
  /** @throws {RpcError} bad-input where other devices would be let in without a key; disk-full */
  configure(patch: ServerSettingsPatch): Promise<ServerState>;
  /** The key as programs need it, made when there is none. */
  key(): Promise<string>;
  newKey(): Promise<ServerState>;
  /** A snapshot at once, then changes, at most four times a second. */
  subscribe(listener: (change: ServerChange) => void): () => void;
  requests(which: { readonly errorsOnly: boolean; readonly offset: number; readonly limit: number }): {
    readonly requests: LoggedRequest[];
    readonly total: number;
  };
  /** @throws {RpcError} request-not-found */
  request(id: string): RequestDetail;
  clearLog(): void;
  /** Puts a kept question to another model, of this disk or behind an endpoint. @throws {RpcError} request-not-found, request-body-not-kept and those of the model */
  replay(asked: { readonly id: string; readonly modelId: string }, signal: AbortSignal): Promise<Replayed>;
  /** @throws {RpcError} request-not-found, request-body-not-kept */
  asItem(id: string): Promise<DatasetItem>;
  dispose(): Promise<void>;
}
