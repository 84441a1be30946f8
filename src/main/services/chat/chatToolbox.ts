import { randomUUID } from 'node:crypto';
import type { ToolSpec } from '#core/tools/tool.ts';
import type { ChatCall, ChatTools } from '#shared/contract/chat.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { PythonSandbox } from '../sandbox/pythonSandbox.ts';
import { createToolbox } from '../tools/createToolbox.ts';
import { type FetchTool, fetchRefusal } from '../tools/fetchTool.ts';
import { type ToolAnswer, toolFailure } from '../tools/toolAnswer.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { CallDecision } from './callDecisions.ts';

export interface ChatToolboxOptions {
  readonly specs: readonly ToolSpec[];
  /** As the conversation says now: what was allowed while it was answered counts at once. */
  readonly settings: () => ChatTools;
  readonly sandbox: PythonSandbox;
  readonly fetchTool: FetchTool;
  /** Asks the person. @throws when the answer is stopped meanwhile */
  readonly ask: (call: ChatCall, signal: AbortSignal) => Promise<CallDecision>;
  /** Characters of the answer so far. */
  readonly at: () => number;
  /** Told each time a call changes, the whole of it. */
  readonly onCall: (call: ChatCall) => void;
}

/** The tools of one answer. Code and requests wait for a person, unless such calls are allowed; arithmetic does not. */
export function createChatToolbox(options: ChatToolboxOptions): Toolbox {
  const { specs, settings, sandbox, fetchTool, onCall } = options;
  const names = specs.map(({ name }) => name);
  const shipped = createToolbox(
    { tools: names, fixtures: [], faults: [] },
    { sandbox, fetch: (given, signal) => fetchTool.fetch(given, { hosts: settings().fetchHosts, signal }) },
  );

  function mustAsk(call: Pick<ChatCall, 'name' | 'arguments'>): boolean {
    const { allowed, fetchHosts } = settings();
    if (!names.includes(call.name) || allowed.some((name) => name === call.name)) return false;
    // What cannot be run anyway is told to the model, and nobody is asked.
    if (call.name === 'http_get') return fetchRefusal(call.arguments, fetchHosts) === null;
    return call.name === 'execute_python';
  }

  async function run(call: ChatCall, signal: AbortSignal): Promise<ToolAnswer> {
    try {
      return await shipped.call(call, { turn: 1, signal });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RpcError) return toolFailure(error.message);
      throw error;
    }
  }

  return {
    specs,
    canRun: (name) => names.includes(name),
    async call(asked, { turn, signal }) {
      const pending = {
        id: randomUUID(),
        name: asked.name,
        arguments: { ...asked.arguments },
        result: null,
        tookMs: null,
        at: options.at(),
      };
      let call = { ...pending, state: 'running' } as ChatCall;
      const change = (fields: Partial<ChatCall>): void => {
        call = { ...call, ...fields };
        onCall(call);
      };
      const isAsking = mustAsk(call);
      change({ state: isAsking ? 'asking' : 'running' });
      if (isAsking) {
        const decision = await options.ask(call, signal);
        if (decision === 'refuse') {
          const { result, error } = toolFailure('The person you are talking to did not allow this call. Go on without it.');
          change({ state: 'refused', result, tookMs: 0 });
          return { ...asked, turn, result, error, tookMs: 0 };
        }
        change({ state: 'running' });
      }
      const startedAt = performance.now();
      const { result, error } = await run(call, signal);
      const tookMs = performance.now() - startedAt;
      signal.throwIfAborted();
      change({ state: error === null ? 'done' : 'failed', result, tookMs });
      return { ...asked, turn, result, error, tookMs };
    },
  };
}
