import type { FetchFixture, RecordedCall, ToolCall, ToolFault, ToolSpec } from '#core/tools/tool.ts';

/** The tools of one conversation: what is offered, and what a call answers. Made anew for each item, so that nothing is carried over. */
export interface Toolbox {
  readonly specs: readonly ToolSpec[];
  /** False for a tool that is only offered: its calls are recorded, not run. */
  canRun(name: string): boolean;
  /** Runs one call. Never throws for what the model asked; an unknown tool or a bad argument is told to the model. */
  call(call: ToolCall, options: { readonly turn: number; readonly signal: AbortSignal }): Promise<RecordedCall>;
}

/** Makes the tools of one conversation. */
export type ToolboxMaker = (offer: ToolboxOffer) => Toolbox;

export interface ToolboxOffer {
  /** Names of tools that ship, and specs of tools that are only offered. */
  readonly tools: readonly (string | ToolSpec)[];
  readonly fixtures: readonly FetchFixture[];
  readonly faults: readonly ToolFault[];
}
