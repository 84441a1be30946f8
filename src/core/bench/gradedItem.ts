import type { RecordedCall } from '../tools/tool.ts';
import type { JsonValue, LabelledItem } from './labelledItem.ts';

/** Engines that core does not bring itself. */
export interface GradingTools {
  /** JSON Schema validation: null when the value is valid, otherwise what is wrong with it. */
  readonly validateSchema?: (schema: { readonly [key: string]: JsonValue }, value: JsonValue) => string | null;
  /** Whether a pattern is found in a text, in time linear in the text. */
  readonly matchesPattern?: (pattern: string, text: string, options: { readonly ignoreCase: boolean }) => boolean;
  /** Outline of Go source by a real parser. */
  readonly outlineGo?: (source: string) => GoOutline;
}

/** Go source as a grader needs it. */
export interface GoOutline {
  /** Whether the parser understood all of it, as a file or as declarations without their package line. */
  readonly isValid: boolean;
  readonly functions: readonly { readonly name: string; readonly parameters: number; readonly callsItself: boolean }[];
}

/** What a model gave: its last text, the calls it made on the way, and what running its code showed. */
export interface Answered {
  /** Without reasoning and without calls. */
  readonly text: string;
  readonly calls: readonly RecordedCall[];
  /** What the sandbox said of the code that `codeToRun` found in it; null where there was none to run. */
  readonly execution: CodeExecution | null;
}

/** Code and hidden tests run in the sandbox. */
export interface CodeExecution {
  readonly state: 'passed' | 'failed' | 'timed-out' | 'out-of-memory';
  /** Last line of what Python said, for the drill-down. */
  readonly message: string;
}

export type GradedItem = Pick<LabelledItem, 'expected' | 'grader' | 'labels' | 'schema'>;
