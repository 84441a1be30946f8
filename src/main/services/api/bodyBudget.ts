/** What all bodies of a server may take of the memory together, from the moment they are asked for until their requests are over. */
export interface BodyBudget {
  /** @returns null where there is no room for so much now */
  take(bytes: number): TakenBody | null;
}

export interface TakenBody {
  /** Of one that comes in pieces. @returns whether there is room for so much now */
  growTo(bytes: number): boolean;
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
      let held = 0;
      let isOver = false;
      const hold = (next: number): void => {
        takenBytes += next - held;
        held = next;
      };
      const growTo = (size: number): boolean => {
        if (isOver || size <= smallBytes) return true;
        if (takenBytes + size - held > totalBytes) return false;
        hold(size);
        return true;
      };
      if (!growTo(bytes)) return null;
      return {
        growTo,
        shrinkTo: (size) => hold(Math.min(held, size > smallBytes ? size : 0)),
        free() {
          isOver = true;
          hold(0);
        },
      };
    },
  };
}
