import { totalmem } from 'node:os';
import type { Artifact } from '#shared/contract/models.ts';
import type { ApiNeeds } from './apiAnswer.ts';
import { currentCall } from './apiCall.ts';
import { ApiError } from './apiErrors.ts';

/** Models that answer, as a list for clients: what can be loaded and talked to. */
export const servedModels = ({ library }: Pick<ApiNeeds, 'library'>): readonly Artifact[] =>
  library.list().filter((artifact) => artifact.state === 'ready');

/**
 * Finds a model by what a client calls it: its id, its name with a quant, `repo:quant`, or a name without a quant. Of several quants of one model the
 * loaded one is taken, else the largest that this machine has memory for.
 * @throws {ApiError} 404, with the models there are
 */
export function servedModel(name: string, needs: Pick<ApiNeeds, 'library' | 'models' | 'memoryBytes'>): Artifact {
  const wanted = fold(name.replace(/:latest$/, ''));
  const models = servedModels(needs);
  const called = (isMeant: (known: string) => boolean, namesOf: (model: Artifact) => readonly string[]): readonly Artifact[] =>
    models.filter((model) => namesOf(model).some((known) => isMeant(fold(known))));
  const exact = called((known) => known === wanted, exactNamesOf);
  const plain = exact.length > 0 ? exact : called((known) => known === wanted, plainNamesOf);
  const meant = plain.length > 0 ? plain : oneModel(called((known) => known.startsWith(`${wanted}-`), allNamesOf));
  const found = chosenOf(meant, needs);
  currentCall()?.asks(name, found?.id ?? null);
  if (found !== undefined) return found;
  const shown = models.slice(0, 20).map((model) => model.id);
  const known = models.length === 0 ? 'There is no model in the library.' : `There are: ${shown.join(', ')}.`;
  throw new ApiError({
    status: 404,
    code: 'model_not_found',
    message: `The model '${name}' does not exist here. ${known}`,
    field: 'model',
  });
}

/** Beside the weights, for what a conversation takes and for everything else that runs. */
const otherMemory = { share: 0.25, bytes: 2 ** 30 };

/** The loaded one, else the largest that leaves room for all else, else the smallest. */
function chosenOf(
  meant: readonly Artifact[],
  { models, memoryBytes = machineMemory }: Pick<ApiNeeds, 'models' | 'memoryBytes'>,
): Artifact | undefined {
  if (meant.length < 2) return meant[0];
  const loaded = new Set(models.loaded().flatMap(({ artifactId, state }) => (state === 'unloading' ? [] : [artifactId])));
  const largestFirst = meant.toSorted((a, b) => b.sizeBytes - a.sizeBytes);
  const roomBytes = memoryBytes() * (1 - otherMemory.share) - otherMemory.bytes;
  return (
    largestFirst.find(({ id }) => loaded.has(id)) ?? largestFirst.find(({ sizeBytes }) => sizeBytes <= roomBytes) ?? largestFirst.at(-1)
  );
}

function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Nothing where a beginning is one of several models. */
const oneModel = (meant: readonly Artifact[]): readonly Artifact[] =>
  new Set(meant.map(({ name }) => fold(name))).size === 1 ? meant : [];

const exactNamesOf = ({ id, name, repo, quant }: Artifact): readonly string[] => [
  id,
  ...(quant === null ? [] : [`${name}-${quant}`, ...(repo === null ? [] : [`${repo}:${quant}`])]),
];
const plainNamesOf = ({ name, repo }: Artifact): readonly string[] => [name, ...(repo === null ? [] : [repo])];
const allNamesOf = (model: Artifact): readonly string[] => [...exactNamesOf(model), ...plainNamesOf(model)];

const fold = (text: string): string => text.toLowerCase().replace(/[\s_:]+/g, '-');
