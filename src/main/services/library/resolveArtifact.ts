import { basename, resolve } from 'node:path';
import { type Artifact, modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/**
 * Finds the artifact that a person means: its id, path, file name, `name:quant`, repo, or any part of these that only one has.
 * @throws {RpcError} model-not-found with the nearest ids as hint, model-ambiguous with the candidates.
 */
export function resolveArtifact(artifacts: readonly Artifact[], query: string): Artifact {
  const wanted = query.trim();
  const lower = wanted.toLowerCase();
  const exact: readonly ((artifact: Artifact) => boolean)[] = [
    (artifact) => artifact.id === wanted,
    (artifact) => artifact.path === wanted || artifact.path === resolve(wanted) || artifact.files.includes(resolve(wanted)),
    (artifact) => artifact.id === lower,
    (artifact) => fileNames(artifact).includes(lower),
    (artifact) => namesOf(artifact).includes(lower),
  ];
  for (const matches of exact) {
    const found = artifacts.filter(matches);
    if (found.length === 1 && found[0] !== undefined) return found[0];
    if (found.length > 1) throw ambiguous(wanted, found);
  }
  const containing =
    lower === '' ? [] : artifacts.filter((artifact) => [artifact.id, ...namesOf(artifact)].some((name) => name.includes(lower)));
  if (containing.length === 1 && containing[0] !== undefined) return containing[0];
  if (containing.length > 1) throw ambiguous(wanted, containing);
  throw notFound(artifacts, wanted);
}

function fileNames(artifact: Artifact): string[] {
  return artifact.files.flatMap((path) => {
    const name = basename(path).toLowerCase();
    return [name, name.replace(/\.gguf$/, '')];
  });
}

function namesOf(artifact: Artifact): string[] {
  const names = [artifact.name, artifact.repo, artifact.nameInApp].flatMap((name) => (name === null ? [] : [name.toLowerCase()]));
  const quant = artifact.quant?.toLowerCase();
  return quant === undefined ? names : [...names.flatMap((name) => [`${name}:${quant}`, `${name} ${quant}`]), ...names];
}

function ambiguous(wanted: string, found: readonly Artifact[]): RpcError {
  return new RpcError(modelErrors.ambiguous, `${found.length} models match "${shorten(wanted)}".`, {
    hint: `Name one of: ${listed(found.map((artifact) => artifact.id))}`,
    data: { ids: found.map((artifact) => artifact.id) },
  });
}

function notFound(artifacts: readonly Artifact[], wanted: string): RpcError {
  const near = artifacts
    .map((artifact) => ({ id: artifact.id, distance: editDistance(artifact.id, wanted.toLowerCase().slice(0, 200)) }))
    .sort((a, b) => a.distance - b.distance)
    .filter((candidate) => candidate.distance <= Math.max(3, Math.ceil(candidate.id.length * 0.6)))
    .slice(0, 3)
    .map((candidate) => candidate.id);
  return new RpcError(modelErrors.notFound, `There is no model "${shorten(wanted)}" in the library.`, {
    hint: near.length > 0 ? `Did you mean ${listed(near)}?` : 'List the models with `rightsize list`, or import the file first.',
    data: { near },
  });
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
const listed = (ids: readonly string[]): string =>
  ids.length > 8 ? `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more` : ids.join(', ');

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
