/** What all bodies of a server may take of the memory together, from the moment they are asked for until their requests are over. */
export interface BodyBudget {
  /** @returns null where there is no room for so much now */
  take(bytes: number): TakenBody | null;
}

export interface TakenBody {
  /** Of one that turned out smaller. */
  shrinkTo(bytes: number): void;
  free(): void;
}

/** A body of no more than this is always let in: as many as there may be connections are little beside one large one. */
const smallBytes = 64 * 1024;

/** @param totalBytes at least what a single body may have */
export function createBodyBudget(totalBytes: number): BodyBudget {
  let takenBytes = 0;

  return {
    take(bytes) {
      if (bytes > smallBytes && takenBytes + bytes > totalBytes) return null;
      let held = 0;
      const hold = (next: number): void => {
        takenBytes += next - held;
        held = next;
      };
      const countedOf = (size: number): number => (size > smallBytes ? size : 0);
      hold(countedOf(bytes));
      return { shrinkTo: (size) => hold(Math.min(held, countedOf(size))), free: () => hold(0) };
    },
  };
}
