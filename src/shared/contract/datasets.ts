import * as z from 'zod';

/** A labelled item as a person edits it: product contract, section 3. What it means is checked by the reader of data sets, not here. */
export const DatasetItem = z.looseObject({
  id: z.string().max(200),
  task: z.string().max(200),
  system: z.string().max(200_000).nullable(),
  input: z.string().max(1_000_000),
  expected: z.json(),
  grader: z.json().optional(),
  labels: z.array(z.string()).max(1000).nullable().optional(),
  schema: z.record(z.string(), z.json()).nullable().optional(),
  tags: z.array(z.string()).max(100).optional(),
});
export type DatasetItem = z.infer<typeof DatasetItem>;

/** An item that cannot be used, by its place in the list (from 0), or a line of a file (from 1). */
export const DatasetProblem = z.object({ line: z.number(), message: z.string() });
export type DatasetProblem = z.infer<typeof DatasetProblem>;
