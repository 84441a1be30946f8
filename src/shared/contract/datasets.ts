import * as z from 'zod';

export const datasetErrors = {
  /** Somebody else has saved it since it was read. */
  changed: 'dataset-changed',
  /** A suite that ships: it can be copied, not changed. */
  notYours: 'dataset-not-yours',
  tooLarge: 'dataset-too-large',
} as const;

/** What the grid edits at most; larger sets are edited as files. */
export const editableItems = 10_000;

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

/** An item that cannot be used. */
export const DatasetProblem = z.object({
  /** Row of a list, or line of a file, from 1. */
  line: z.number(),
  /** The field that is at fault, where one is. */
  column: z.string().nullable(),
  message: z.string(),
});
export type DatasetProblem = z.infer<typeof DatasetProblem>;
