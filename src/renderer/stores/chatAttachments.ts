import { rpc } from './rpc.ts';

/** Pictures are asked for whenever their message is drawn anew: the last few are kept. */
const keptAtMost = 40;
const kept = new Map<string, Promise<string>>();

/** Where a file went along: with a message, or with the prompt of a comparison. */
export type AttachedTo = 'chat' | 'comparisons';

/** @returns an attachment's bytes as base64. @throws {RpcError} */
export function readAttachment(attachmentId: string, attachedTo: AttachedTo): Promise<string> {
  const known = kept.get(attachmentId);
  if (known !== undefined) return known;
  const reading = rpc.call(`${attachedTo}.attachment`, { attachmentId }).then(({ data }) => data);
  kept.set(attachmentId, reading);
  reading.catch(() => kept.delete(attachmentId));
  const [oldest] = kept.keys();
  if (kept.size > keptAtMost && oldest !== undefined) kept.delete(oldest);
  return reading;
}
