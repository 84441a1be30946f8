import { rpc } from './rpc.ts';

/** Pictures are asked for whenever their message is drawn anew: the last few are kept, the last one however large. */
const keptAtMost = 40;
const keptLetters = 48_000_000;
const kept = new Map<string, { readonly reading: Promise<string>; letters: number }>();

/** Where a file went along: with a message, or with the prompt of a comparison. */
export type AttachedTo = 'chat' | 'comparisons';

/** @returns an attachment's bytes as base64. @throws {RpcError} */
export function readAttachment(attachmentId: string, attachedTo: AttachedTo): Promise<string> {
  const known = kept.get(attachmentId);
  if (known !== undefined) return known.reading;
  const reading = rpc.call(`${attachedTo}.attachment`, { attachmentId }).then(({ data }) => data);
  const entry = { reading, letters: 0 };
  kept.set(attachmentId, entry);
  reading.then(
    ({ length }) => {
      entry.letters = length;
      forgetOldest();
    },
    () => kept.delete(attachmentId),
  );
  return reading;
}

function forgetOldest(): void {
  let letters = [...kept.values()].reduce((sum, entry) => sum + entry.letters, 0);
  for (const [id, entry] of kept) {
    if (kept.size === 1 || (kept.size <= keptAtMost && letters <= keptLetters)) return;
    kept.delete(id);
    letters -= entry.letters;
  }
}
