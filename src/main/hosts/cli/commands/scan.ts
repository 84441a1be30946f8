import { Command } from 'commander';
import { formatGigabytes } from '#core/units.ts';
import type { AppSource } from '#shared/contract/models.ts';
import type { CommandContext } from '../commandContext.ts';
import { hashed, printArtifacts } from './list.ts';

/** `scan`: looks at every folder and every other app again, and says what was found where. */
export function scanCommand(context: CommandContext): Command {
  return new Command('scan').description('look for models in all folders and in other apps, and list them').action(async () => {
    const { library } = await context.services();
    // Opening the library looks at everything once: that is the scan.
    await library.whenScanned();
    const apps = library.apps();
    const artifacts = await hashed(library.list(), library);
    printArtifacts(
      context,
      artifacts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      { apps, folders: library.folders() },
    );
    for (const app of apps.filter((candidate) => candidate.path !== null)) context.output.note(`${app.label}: ${foundIn(app)}`);
  });
}

function foundIn(app: AppSource): string {
  if (!app.isEnabled) return 'not listed, as you chose in the settings.';
  if (app.problem !== null) return app.problem;
  const count = app.artifactCount === 1 ? '1 model' : `${app.artifactCount} models`;
  if (app.artifactCount > 0) return `${count}, ${formatGigabytes(app.sizeBytes)}, used where they are.`;
  // What Rightsize downloaded lies there too, and is listed as its own.
  return app.app === 'hub-cache' ? 'no models of other programs.' : 'no models.';
}
