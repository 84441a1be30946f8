import { Command } from 'commander';
import { formatCount, formatGigabytes, formatParameters, formatScore, formatTokensPerSecond, missing } from '#core/units.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { ownerLabel } from '#shared/ownerWords.ts';
import type { CommandContext } from '../commandContext.ts';
import { renderTable } from '../table.ts';

/** More than this takes longer than anybody waits for a list; `sha256` of the rest is null until it was needed. */
const hashedWhileWaitingBytes = 2e9;

/** `list`: everything on this disk that can be loaded. */
export function listCommand(context: CommandContext): Command {
  return new Command('list').description('list the models on this disk').action(async () => {
    const { library } = await context.services();
    await library.whenScanned();
    const artifacts = await hashed(library.list(), library);
    printArtifacts(
      context,
      artifacts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });
}

/** The artifacts as they are once those that have no hash were given one, the smallest first, as far as that is a matter of seconds. */
export async function hashed(
  artifacts: readonly Artifact[],
  library: Pick<LibraryService, 'get' | 'whenHashed'>,
): Promise<readonly Artifact[]> {
  const unhashed = artifacts.filter((artifact) => artifact.state === 'ready' && artifact.sha256 === null);
  let leftBytes = hashedWhileWaitingBytes;
  const quick: Artifact[] = [];
  for (const artifact of unhashed.toSorted((a, b) => a.sizeBytes - b.sizeBytes)) {
    leftBytes -= artifact.sizeBytes;
    if (leftBytes >= 0) quick.push(artifact);
  }
  // A file that cannot be read to its end is listed with what is wrong, like any other.
  await Promise.allSettled(quick.map((artifact) => library.whenHashed(artifact.id)));
  return artifacts.map((artifact) => library.get(artifact.id) ?? artifact);
}

/** One document for programs, one table for people. */
export function printArtifacts(context: CommandContext, artifacts: readonly Artifact[], more: object = {}): void {
  const { output } = context;
  output.document({ artifacts, ...more });
  if (output.json) return;
  if (artifacts.length === 0) return output.note('There is no model yet. Bring one in with: rightsize import FILE');
  output.text(
    renderTable(artifacts, [
      { title: 'ID', text: (artifact) => artifact.id },
      { title: 'Quant', text: (artifact) => artifact.quant ?? missing },
      { title: 'Parameters', align: 'right', text: (artifact) => formatParameters(artifact.parameters) },
      { title: 'Size', align: 'right', text: (artifact) => formatGigabytes(artifact.sizeBytes) },
      { title: 'Context', align: 'right', text: (artifact) => formatCount(artifact.contextTokens) },
      { title: 'Speed', align: 'right', text: (artifact) => formatTokensPerSecond(artifact.speed?.generationTokensPerSecond) },
      { title: 'Score', text: (artifact) => formatScore(artifact.score) },
      { title: 'From', text: (artifact) => ownerLabel(artifact.owner) },
      { title: 'State', text: (artifact) => artifact.problem?.message ?? artifact.state },
    ]),
  );
}
