import * as z from 'zod';
import type { RpcErrorData } from './rpcError.ts';

/** Everything that crosses a pipe. `id` is chosen by the caller and unique within one pipe. */
export type Frame =
  | { readonly kind: 'req'; readonly id: number; readonly route: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'item'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'end'; readonly id: number; readonly data?: unknown }
  | { readonly kind: 'err'; readonly id: number; readonly error: RpcErrorData };

/**
 * The one thing an adapter provides: Electron IPC, a WebSocket and a process port all fit it.
 * `onFrame` hands over whatever arrived, unparsed: `parseFrame` is the fence. `onClose` fires once.
 */
export interface FramePipe {
  send(frame: Frame): void;
  onFrame(listener: (frame: unknown) => void): () => void;
  onClose(listener: () => void): () => void;
}

/** What one message of a WebSocket holds at most: a chat message with all its files, or the longest conversation of an import. */
export const messageLimitBytes = 128 * 1024 * 1024;

const frameId = z.number().int().nonnegative();
const frameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('req'), id: frameId, route: z.string().max(100), input: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id: frameId }),
  z.object({ kind: z.literal('item'), id: frameId, data: z.unknown() }),
  z.object({ kind: z.literal('end'), id: frameId, data: z.unknown().optional() }),
  z.object({
    kind: z.literal('err'),
    id: frameId,
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      data: z.unknown().optional(),
    }),
  }),
]);

/** Checks what came through a pipe. @returns the frame, or undefined when it is none. */
export function parseFrame(value: unknown): Frame | undefined {
  const parsed = frameSchema.safeParse(value);
  return parsed.success ? (parsed.data as Frame) : undefined;
}
