/**
 * Runs work one piece after another, in the order it was asked for. A piece that fails does not keep the next from running.
 * @returns a function that queues a piece and gives its outcome.
 */
export function createSerialQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  };
}
