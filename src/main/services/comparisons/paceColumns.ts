export interface PacedColumns {
  /** Column numbers in the order in which they begin. */
  readonly order: readonly number[];
  /** Answers one column. Throws nothing. */
  readonly answer: (index: number, onLoaded: () => void) => Promise<unknown>;
}

/** One after another: each has the whole machine, so that speeds can be compared. */
export async function takeTurns({ order, answer }: PacedColumns): Promise<void> {
  for (const index of order) await answer(index, () => undefined);
}

/**
 * All at once. Loads come one after another, each planned with what the others hold; what does not fit beside them waits until they have
 * answered, and then takes their place.
 */
export async function takeTogether(
  { order, answer }: PacedColumns,
  { fits }: { readonly fits: (index: number) => Promise<boolean> },
): Promise<void> {
  const writing = new Set<Promise<unknown>>();
  for (const index of order) {
    const isBeside = writing.size === 0 || (await fits(index));
    if (!isBeside) await Promise.all(writing);
    const { promise: hasLoaded, resolve: onLoaded } = Promise.withResolvers<void>();
    const work = answer(index, onLoaded).finally(() => writing.delete(work));
    writing.add(work);
    await Promise.race([hasLoaded, work]);
  }
  await Promise.all(writing);
}
