import { modelLabel } from '#core/bench/runRecords.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { RunRow } from '#main/storage/runTable.ts';
import type { Suite } from '#shared/contract/benchmarks.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';

/**
 * What has changed since a run was made, so that it says nothing of how things are now: files of its models, the engine, its suites.
 * @param now.engine that was used last on this machine; null = none yet
 * @returns sentences; empty where all is as it was
 */
export function changesSince(
  run: Pick<RunRow, 'models' | 'suites'>,
  now: {
    readonly library: Pick<LibraryService, 'get'>;
    readonly engine: string | null;
    readonly suites: readonly Pick<Suite, 'id' | 'sha256'>[];
  },
): string[] {
  const changes: string[] = [];
  for (const model of run.models) {
    if (readEndpointModelId(model.modelId) !== null) continue;
    const artifact = now.library.get(model.modelId);
    const label = modelLabel(model);
    if (artifact === undefined || artifact.state !== 'ready') changes.push(`${label} is no longer here.`);
    else if (artifact.sha256 !== null && model.sha256 !== null && artifact.sha256 !== model.sha256)
      changes.push(`${label} is another file now.`);
  }
  const engines = new Set(run.models.map((model) => model.engine).filter((engine) => engine !== null));
  const [engine] = engines;
  if (engines.size > 1) changes.push(`Its models were asked with different engines: ${[...engines].join(', ')}.`);
  else if (engine !== undefined && now.engine !== null && now.engine !== engine)
    changes.push(`The engine was ${engine} and is ${now.engine} now.`);
  for (const suite of run.suites) {
    const known = now.suites.find((candidate) => candidate.id === suite.id);
    if (known === undefined) changes.push(`The suite ${suite.name} is no longer here.`);
    else if (known.sha256 !== suite.sha256) changes.push(`The suite ${suite.name} asks other things now.`);
  }
  return changes;
}
