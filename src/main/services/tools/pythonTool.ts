import type { JsonValue } from '#core/bench/labelledItem.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import type { PythonRun } from '#main/services/sandbox/sandboxPage.ts';
import { type ToolAnswer, toolFailure, toolResult } from './toolAnswer.ts';

/**
 * Answers `execute_python`: what the program printed.
 * @param given what the model passed: `code`
 * @throws {RpcError} when there is no sandbox, or when it broke: neither is the model's doing
 */
export async function runPythonTool(
  given: { readonly [key: string]: JsonValue },
  { sandbox, signal }: { readonly sandbox: PythonSandbox; readonly signal: AbortSignal },
): Promise<ToolAnswer> {
  const code = Object.hasOwn(given, 'code') ? given.code : undefined;
  if (typeof code !== 'string' || code.trim() === '') return toolFailure('execute_python needs "code", a Python program as a text.');
  return toAnswer(await sandbox.run(code, { signal }));
}

function toAnswer(run: PythonRun): ToolAnswer {
  const printed = [run.stdout, run.stderr].map((text) => text.trimEnd()).filter((text) => text !== '');
  if (run.isOutputCut) printed.push('[the program printed more than is kept]');
  const withOutput = (words: string): string => [...printed, words].join('\n');
  switch (run.state) {
    case 'finished':
      return toolResult(printed.length === 0 ? '(The program printed nothing.)' : printed.join('\n'));
    case 'raised': {
      const error = run.error?.trimEnd() ?? 'The program raised an error.';
      return toolFailure(error.split('\n').at(-1) ?? error, withOutput(error));
    }
    case 'timed-out':
      return toolFailure('The program was stopped: it took too long.', withOutput('The program was stopped: it took too long.'));
    case 'out-of-memory':
      return toolFailure(
        'The program was stopped: it took too much memory.',
        withOutput('The program was stopped: it took too much memory.'),
      );
  }
}
