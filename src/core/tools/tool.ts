import type { JsonValue } from '../bench/labelledItem.ts';

/** A tool as a model is told of it: OpenAI's `function`. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object. */
  readonly parameters: { readonly [key: string]: JsonValue };
}

/** What a model asked for. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: { readonly [key: string]: JsonValue };
}

/** A call with what came of it. */
export interface RecordedCall extends ToolCall {
  /** The model's turn it was made in, from 1: calls of one turn are parallel. */
  readonly turn: number;
  /** What the model was told; also the words of an error. */
  readonly result: string;
  /** Why the tool failed; null where it answered. */
  readonly error: string | null;
  readonly tookMs: number;
}

/** The tools that ship. Any other name in an item is a tool that is only offered: its calls are judged and not run. */
export const toolNames = ['calculator', 'execute_python', 'http_get'] as const;
export type ToolName = (typeof toolNames)[number];

/** A recorded answer of `http_get`. */
export interface FetchFixture {
  readonly url: string;
  readonly status: number;
  /** Text, or JSON that is sent as text. */
  readonly body: JsonValue;
}

/** A tool that fails first: the model has to try again. */
export interface ToolFault {
  readonly tool: string;
  readonly message: string;
}
