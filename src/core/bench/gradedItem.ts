import type { JsonValue, LabelledItem } from './labelledItem.ts';

/** Engines that core does not bring itself. */
export interface GradingTools {
  /** JSON Schema validation: null when the value is valid, otherwise what is wrong with it. */
  readonly validateSchema?: (schema: { readonly [key: string]: JsonValue }, value: JsonValue) => string | null;
  /** Whether a pattern is found in a text, in time linear in the text. */
  readonly matchesPattern?: (pattern: string, text: string, options: { readonly ignoreCase: boolean }) => boolean;
}

export type GradedItem = Pick<LabelledItem, 'expected' | 'grader' | 'labels' | 'schema'>;
