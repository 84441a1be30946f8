/** What was answered and may be gone on with, by its id. */
export interface KeptStore<Kept> {
  /** @param characters how long it is, for the limit */
  keep(id: string, kept: Kept, characters: number): void;
  /** Null for one that is not known any more. */
  find(id: string): Kept | null;
  /** Whether there was one. */
  forget(id: string): boolean;
  /** All that are known. */
  all(): readonly Kept[];
}

const countLimit = 256;
const charactersLimit = 32 * 2 ** 20;
const ageLimitMs = 60 * 60_000;

/**
 * Keeps the last answers in memory, so that a client can go on where one ended: for an hour, 256 of them, 32 million characters together. Nothing of
 * them is written to the disk.
 * @param now milliseconds
 */
export function createKeptStore<Kept>(now: () => number): KeptStore<Kept> {
  const entries = new Map<string, { readonly kept: Kept; readonly until: number; readonly characters: number }>();
  let sum = 0;
  const forget = (id: string): boolean => {
    sum -= entries.get(id)?.characters ?? 0;
    return entries.delete(id);
  };
  const prune = (): void => {
    for (const [id, { until }] of entries) {
      if (until > now() && entries.size <= countLimit && sum <= charactersLimit) return;
      forget(id);
    }
  };
  return {
    keep(id, kept, characters) {
      entries.set(id, { kept, until: now() + ageLimitMs, characters });
      sum += characters;
      prune();
    },
    find(id) {
      prune();
      return entries.get(id)?.kept ?? null;
    },
    forget,
    all() {
      prune();
      return [...entries.values()].map(({ kept }) => kept);
    },
  };
}
