import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './commandContext.ts';
import { terminalText } from './terminalText.ts';

/** Asks a person at a terminal, and nobody else: a program means what it says. */
export async function confirmed(context: CommandContext, question: string): Promise<boolean> {
  if (!context.output.live || process.stdin.isTTY !== true) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(terminalText(`${question} [y/N] `), { signal: context.signal })).trim());
  } finally {
    terminal.close();
  }
}
