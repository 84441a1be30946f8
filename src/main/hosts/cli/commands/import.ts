import { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { pathOf } from '../optionValues.ts';
import { hashed, printArtifacts } from './list.ts';

/** `import PATH`: takes a model into the library where it lies. */
export function importCommand(context: CommandContext): Command {
  return new Command('import')
    .description('take a model file, or all models of a folder, into the library where they lie')
    .argument('<path>', 'a GGUF file (the first of a split one) or a folder', pathOf)
    .action(async (path: string) => {
      const { library } = await context.services();
      await library.whenScanned();
      const imported = await library.importPath(path);
      printArtifacts(context, await hashed(imported, library));
    });
}
