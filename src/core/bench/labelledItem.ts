import type { FetchFixture, ToolFault, ToolName, ToolSpec } from '../tools/tool.ts';
import type { TextCheck } from './textChecks.ts';

/** How an answer is judged. Text graders trim first. */
export type Grader =
  | { readonly type: 'exact'; readonly ignoreCase?: boolean }
  | { readonly type: 'one-of'; readonly ignoreCase?: boolean }
  | { readonly type: 'contains'; readonly ignoreCase?: boolean }
  | { readonly type: 'regex'; readonly pattern?: string; readonly ignoreCase?: boolean }
  /** The last number in the answer, within a relative tolerance (default 1e-6). */
  | { readonly type: 'numeric'; readonly tolerance?: number }
  /** The answer parses as JSON and validates; says nothing about its content. */
  | { readonly type: 'json-schema' }
  /** The answer equals `expected` as JSON values, key order and white space aside. */
  | { readonly type: 'json-equal' }
  /** Every field of `expected` is compared by itself; passes when all (or `fields`) agree. */
  | { readonly type: 'json-fields'; readonly fields?: readonly string[] }
  /** A comma list or a JSON list holding the same set of labels. */
  | { readonly type: 'same-set' }
  /** Every check holds: counts of words and lines, words that must or must not occur, how it begins and ends. */
  | { readonly type: 'constraints'; readonly checks: readonly TextCheck[] }
  /**
   * At least so many of the facts are named (all, unless told), each in one of its spellings, and none of the known mistakes. Case, accents and
   * marks aside.
   */
  | {
      readonly type: 'key-facts';
      readonly facts: readonly (readonly string[])[];
      readonly atLeast?: number;
      readonly never?: readonly string[];
    }
  /** The last JSON object in the answer, prose around it or not; every field of `expected` (or `fields`) agrees. */
  | { readonly type: 'last-json'; readonly fields?: readonly string[] }
  /** Every grader holds. Graders in it are no `all` themselves. */
  | { readonly type: 'all'; readonly of: readonly Grader[] }
  /**
   * The calls that were asked for and answered without an error: tool, required arguments, no unknown ones, accepted values. No calls = none may be
   * made. After the AST check of BFCL (Patil et al. 2025).
   */
  | {
      readonly type: 'tool-calls';
      readonly calls: readonly ExpectedCall[];
      /** `given`: one after the other as they stand; default `any`. */
      readonly order?: 'given' | 'any';
      /** Whether calls beside the expected ones are a mistake; default `forbid`. Calls that ended in an error are not counted. */
      readonly extra?: 'allow' | 'forbid';
    }
  /** Calls of the calculator, replayed: each is right in itself and every sub-result was worked out. */
  | { readonly type: 'calculation'; readonly results: readonly number[]; readonly leastCalls: number }
  /** Something that a tool answered holds all of these texts. */
  | { readonly type: 'tool-output'; readonly tool: string; readonly contains: readonly string[] }
  /** Python of the answer, or of the last call of `execute_python`, under hidden tests in the sandbox. */
  | {
      readonly type: 'python';
      /** Python statements that raise where the code is wrong. */
      readonly tests?: string;
      /** Expressions and what each is worth, compared outside the sandbox. */
      readonly cases?: readonly { readonly call: string; readonly gives: JsonValue }[];
      /** Must be defined. */
      readonly function?: string;
      readonly from?: 'answer' | 'call';
    }
  /** Only a judge or a person can tell: the item's `judge` says by what criteria. Counts neither way until one has. */
  | { readonly type: 'rubric' }
  /** Go source that parses and declares the function with so many parameters. */
  | { readonly type: 'go'; readonly function: string; readonly parameters: number; readonly recursive?: boolean };

/** A call that an item asks for. */
export interface ExpectedCall {
  readonly name: string;
  /** By argument the accepted value, or a list of accepted values; a list that is itself the value stands in a list. */
  readonly arguments: { readonly [key: string]: JsonValue };
  /** Arguments that may be left out. */
  readonly optional?: readonly string[];
}

export type GraderType = Grader['type'];

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One labelled item: product contract, section 3. Unknown keys of a data set are ignored. */
export interface LabelledItem {
  readonly id: string;
  readonly task: string;
  readonly system: string | null;
  readonly input: string;
  readonly expected: JsonValue;
  readonly grader: Grader | null;
  readonly labels: readonly string[] | null;
  readonly schema: { readonly [key: string]: JsonValue } | null;
  readonly tags: readonly string[];
  /** Tools that the model is offered; absent where there are none, as in all sets made before there were tools. */
  readonly tools?: readonly (ToolName | ToolSpec)[];
  /** What `http_get` answers. */
  readonly fixtures?: readonly FetchFixture[];
  readonly faults?: readonly ToolFault[];
  /** What a judge is asked about the answer, apart from pass and fail. */
  readonly judge?: JudgeTask;
}

/** Asked of a judge model in a phase of its own, after all candidates. */
export type JudgeTask =
  /** Yes or no to each criterion, each with words of the answer as evidence. */
  | { readonly kind: 'checklist'; readonly criteria: readonly string[]; readonly reference: string | null }
  /** Which of two models' answers is better, asked in both orders. Never part of pass and fail. */
  | { readonly kind: 'preference'; readonly question: string };

/** What a grader says of one answer. `reason` is a sentence for the drill-down. */
export interface Grade {
  readonly passed: boolean;
  readonly grader: GraderType;
  readonly reason: string;
  /** Whether the answer had the asked-for form: strict = as it is, loose = after stripping fences and prose. Null where no form was asked. */
  readonly format: { readonly strict: boolean; readonly loose: boolean } | null;
  /** Per-field results of `json-fields` and `last-json`, per-check ones of `constraints`, per-fact ones of `key-facts`, per-grader ones of `all`. */
  readonly fields: readonly { readonly name: string; readonly passed: boolean }[] | null;
  /** How the tools were used, of graders that look at calls. */
  readonly tools?: ToolUse | null;
}

/** What the calls of one answer were worth, apart from pass and fail. */
export interface ToolUse {
  /** Every tool that was needed was called, and none that was not. */
  readonly rightTool: boolean;
  readonly rightArguments: boolean;
  /** Calls beyond the fewest that do. */
  readonly extraCalls: number;
  /** A tool was needed and none was called. */
  readonly answeredWithout: boolean;
}
