import type * as z from 'zod';

/** A route that answers once. */
export interface CallRoute<Input extends z.ZodType, Output extends z.ZodType> {
  readonly kind: 'call';
  readonly input: Input;
  readonly output: Output;
}

/** A route that sends items until it ends, is cancelled, or fails. */
export interface StreamRoute<Input extends z.ZodType, Item extends z.ZodType, End extends z.ZodType> {
  readonly kind: 'stream';
  readonly input: Input;
  readonly item: Item;
  readonly end: End;
}

export type AnyRoute = CallRoute<z.ZodType, z.ZodType> | StreamRoute<z.ZodType, z.ZodType, z.ZodType>;
export type RouteTable = Readonly<Record<string, AnyRoute>>;

/** Declares a call. Input is parsed at the serving end; the output schema gives its type. */
export function call<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output): CallRoute<Input, Output> {
  return { kind: 'call', input, output };
}

/** Declares a stream of items with a closing value. */
export function stream<Input extends z.ZodType, Item extends z.ZodType, End extends z.ZodType>(
  input: Input,
  item: Item,
  end: End,
): StreamRoute<Input, Item, End> {
  return { kind: 'stream', input, item, end };
}

export type CallNames<T extends RouteTable> = { [K in keyof T]: T[K]['kind'] extends 'call' ? K : never }[keyof T] & string;
export type StreamNames<T extends RouteTable> = { [K in keyof T]: T[K]['kind'] extends 'stream' ? K : never }[keyof T] & string;

/** What a caller may pass (defaults not yet filled in). */
export type InputOf<R> = R extends { readonly input: infer Input extends z.ZodType } ? z.input<Input> : never;
/** What a handler receives (parsed, defaults filled in). */
export type ParsedInputOf<R> = R extends { readonly input: infer Input extends z.ZodType } ? z.output<Input> : never;
export type OutputOf<R> = R extends { readonly output: infer Output extends z.ZodType } ? z.output<Output> : never;
export type ItemOf<R> = R extends { readonly item: infer Item extends z.ZodType } ? z.output<Item> : never;
export type EndOf<R> = R extends { readonly end: infer End extends z.ZodType } ? z.output<End> : never;

export interface CallContext {
  readonly signal: AbortSignal;
}
export interface StreamContext<Item> extends CallContext {
  /** Sends one item. After the signal has aborted it does nothing. */
  emit(item: Item): void;
}

/** The serving end of a table: one function a route. A subscription stream returns when its signal aborts. */
export type Handlers<T extends RouteTable> = {
  readonly [K in keyof T]: T[K]['kind'] extends 'call'
    ? (input: ParsedInputOf<T[K]>, context: CallContext) => Promise<OutputOf<T[K]>>
    : (input: ParsedInputOf<T[K]>, context: StreamContext<ItemOf<T[K]>>) => Promise<EndOf<T[K]>>;
};

/** The calling end of a table. */
export interface Rpc<T extends RouteTable> {
  /** @throws {RpcError} */
  call<K extends CallNames<T>>(route: K, input: InputOf<T[K]>, options?: { readonly signal?: AbortSignal }): Promise<OutputOf<T[K]>>;
  /** Resolves with the closing value. Aborting the signal cancels at the serving end. @throws {RpcError} */
  stream<K extends StreamNames<T>>(
    route: K,
    input: InputOf<T[K]>,
    options: { readonly onItem: (item: ItemOf<T[K]>) => void; readonly signal?: AbortSignal },
  ): Promise<EndOf<T[K]>>;
}
