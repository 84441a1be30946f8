import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fitShapeOf } from '#core/fit/fitShape.ts';
import type { FitShape } from '#core/fit/fitTypes.ts';
import { type NamedShape, shapeFromName } from '#core/fit/reference/shapeFromName.ts';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import { asHubAddress } from '#core/names/asHubAddress.ts';
import { nameTarget } from '#core/names/nameTarget.ts';
import { readName } from '#core/names/readName.ts';
import type { Services } from '#main/services/createServices.ts';
import { fileProblem, problemError, readProblem } from '#main/services/library/fileProblem.ts';
import { parseShard } from '#main/services/library/groupShards.ts';
import { openFile } from '#main/services/library/openModelFile.ts';
import { resolveArtifact } from '#main/services/library/resolveArtifact.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { findRepo, quantNamed } from './namedRepo.ts';

export interface FitTarget {
  readonly shape: FitShape;
  /** What it is called, for people. */
  readonly name: string;
  /** Where there was only a name to go by. */
  readonly named: NamedShape | null;
}

/**
 * Finds the model that is meant: a file here, a model of the library, or a quant on the hub. A header without data is enough; where there is
 * none, a name that tells size and quant.
 * @throws {RpcError} codes of bad files, model-not-found, model-ambiguous and codes of `hubErrors`
 */
export async function readFitTarget(context: CommandContext, text: string): Promise<FitTarget> {
  const path = resolve(text);
  if (await isFile(path)) return { shape: await readShape(await shardsOf(path)), name: basename(path), named: null };
  const services = await context.services();
  await services.library.whenScanned();
  try {
    const artifact = resolveArtifact(services.library.list(), text);
    return { shape: await readShape(artifact.files), name: artifact.id, named: null };
  } catch (error) {
    const isUnknown = error instanceof RpcError && error.code === modelErrors.notFound;
    if (!isUnknown) throw error;
    if (isAbsolute(text) || /^\.{1,2}[/\\]/.test(text)) throw noFile(error);
    const reading = readName(asHubAddress(text, services.hub.endpoint().url));
    if (nameTarget(reading).kind !== 'repo') {
      const named = shapeFromName(reading);
      if (named === null) throw isAddress(text) ? otherAddress(error) : error;
      return { shape: named.shape, name: text, named };
    }
  }
  return readFromHub(services, text, context.signal);
}

const noFile = (cause: unknown): RpcError =>
  new RpcError(modelErrors.fileMissing, 'There is no file at this path.', {
    hint: 'Check how it is spelled, and that its drive is plugged in.',
    cause,
  });

const isAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim());

const otherAddress = (cause: unknown): RpcError =>
  new RpcError(modelErrors.notFound, 'This address is none of the hub, and only those are known.', {
    hint: 'Such as https://huggingface.co/publisher/name. Fetch the file yourself, then name its path.',
    cause,
  });

async function readFromHub(services: Services, text: string, signal: AbortSignal): Promise<FitTarget> {
  const found = await findRepo(services, text, { signal });
  const { repo } = found;
  const named = quantNamed(repo, found);
  if (named === undefined && (found.quant !== null || found.file !== null)) {
    throw new RpcError(hubErrors.quantNotFound, `${repo.repo} has no ${found.file ?? found.quant}.`, {
      hint: `See what there is: rightsize quants ${repo.repo}`,
    });
  }
  const quant = named ?? repo.quants.find((one) => one.recommended !== null) ?? repo.quants[0];
  if (quant === undefined) throw new RpcError(hubErrors.quantNotFound, `${repo.repo} holds no GGUF model.`);
  const header = await services.catalog.header({ repo: repo.repo, commit: repo.commit, file: quant.file }, { signal });
  return { shape: header.shape, name: `${repo.repo}:${quant.type ?? quant.file}`, named: null };
}

async function readShape(paths: readonly string[]): Promise<FitShape> {
  const headers: GgufHeader[] = [];
  for (const path of paths) headers.push(await readHeader(path));
  return fitShapeOf(headers);
}

async function readHeader(path: string): Promise<GgufHeader> {
  try {
    await using file = await openFile(path);
    const reading = await readGgufHeader(file);
    if (!reading.ok) throw problemError(fileProblem(reading.code, reading.message), { path });
    return reading.header;
  } catch (error) {
    if (error instanceof RpcError) throw error;
    throw problemError(readProblem(error), { path });
  }
}

/** The other parts of a split file lie beside it. */
async function shardsOf(path: string): Promise<readonly string[]> {
  const shard = parseShard(path);
  if (shard === undefined) return [path];
  const ending = (index: number): string => `-${String(index).padStart(5, '0')}-of-${String(shard.total).padStart(5, '0')}.gguf`;
  const paths = Array.from({ length: shard.total }, (_, index) => join(dirname(path), `${shard.base}${ending(index + 1)}`));
  const isThere = await Promise.all(paths.map(isFile));
  const missing = isThere.filter((is) => !is).length;
  if (missing === 0) return paths;
  throw new RpcError(modelErrors.shardMissing, `${missing} of the ${shard.total} parts of this model are missing.`, {
    hint: 'Put all parts in one folder.',
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
