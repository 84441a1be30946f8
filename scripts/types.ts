/** `npm run types`: one tsc per layer, each with only the ambient types that layer may use. */
import { join } from 'node:path';
import { nodeProgram, root, runCommand } from './runCommand.ts';

export const layers = ['core', 'shared', 'node', 'preload', 'renderer', 'sandbox'] as const;

/** @returns the layers that do not compile. */
export async function checkTypes(): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const layer of layers) {
    const end = await runCommand(nodeProgram('typescript/bin/tsc', '-p', join(root, `tsconfig.${layer}.json`)));
    if (end.code !== 0) broken.push(layer);
  }
  return broken;
}

if (import.meta.main) {
  const broken = await checkTypes();
  console.error(broken.length === 0 ? `Types: ${layers.length} layers, no errors.` : `Types: errors in ${broken.join(', ')}.`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
