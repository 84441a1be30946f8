import { stat } from 'node:fs/promises';
import PQueue from 'p-queue';
import { checkFitInput } from '#core/fit/checkFitInput.ts';
import { fitShapeOf } from '#core/fit/fitShape.ts';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import type { ArtifactShape } from '#shared/contract/fit.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { LibraryService } from '../library/libraryService.ts';
import { readModelHeader } from '../library/openModelFile.ts';
import { createSharedWork } from '../sharedWork.ts';

/** Shapes of what is on this disk. */
export interface ArtifactShapes {
  /** In the order of the ids; unknown ones are left out. @throws the signal's reason */
  read(ids: readonly string[], signal?: AbortSignal): Promise<ArtifactShape[]>;
  dispose(): void;
}

interface Kept {
  readonly files: string;
  readonly sizeBytes: number;
  readonly shape: ArtifactShape;
}

/** A header takes some ten milliseconds, most of them for its vocabulary. */
const readAtOnce = 2;
const keptBytes = 32_000_000;

/** Reads the headers of all files of an artifact once, and again where size or time of one has changed. */
export function createArtifactShapes(library: Pick<LibraryService, 'list'>, limitBytes = keptBytes): ArtifactShapes {
  const kept = new Map<string, Kept>();
  const shared = createSharedWork<ArtifactShape>();
  const queue = new PQueue({ concurrency: readAtOnce });

  function keep(id: string, one: Kept): void {
    kept.delete(id);
    kept.set(id, one);
    let total = 0;
    for (const { sizeBytes } of kept.values()) total += sizeBytes;
    for (const [oldest, { sizeBytes }] of kept) {
      if (total <= limitBytes || oldest === id) return;
      kept.delete(oldest);
      total -= sizeBytes;
    }
  }

  async function readOne(artifact: Artifact, signal: AbortSignal | undefined): Promise<ArtifactShape> {
    const files = await stampOf(artifact);
    signal?.throwIfAborted();
    const known = kept.get(artifact.id);
    if (known?.files === files) {
      keep(artifact.id, known);
      return known.shape;
    }
    const work = async (ends: AbortSignal): Promise<ArtifactShape> => {
      const shape = await queue.add(() => shapeOf(artifact, ends), { signal: ends });
      // What kept a file from being read may be over a moment later.
      if (shape.problem === null) keep(artifact.id, { files, shape, sizeBytes: JSON.stringify(shape).length });
      return shape;
    };
    return shared.join(`${artifact.id} ${files}`, work, signal);
  }

  return {
    async read(ids, signal) {
      const artifacts = new Map(library.list().map((artifact) => [artifact.id, artifact]));
      const wanted = ids.map((id) => artifacts.get(id)).filter((artifact) => artifact !== undefined);
      return await Promise.all(wanted.map((artifact) => readOne(artifact, signal)));
    },
    dispose: () => shared.dispose(),
  };
}

/** What tells whether a file is still the one that was read. */
async function stampOf({ files, projectorPath }: Artifact): Promise<string> {
  const paths = projectorPath === null ? files : [...files, projectorPath];
  const stamps = paths.map(async (path) => {
    const found = await stat(path).catch(() => null);
    return found === null ? `${path} gone` : `${path} ${found.size} ${found.mtimeMs} ${found.ino}`;
  });
  return (await Promise.all(stamps)).join('\n');
}

async function shapeOf(artifact: Artifact, signal: AbortSignal): Promise<ArtifactShape> {
  const { id } = artifact;
  const broken = (problem: string): ArtifactShape => ({ id, shape: null, projectorBytes: 0, problem });
  const headers: GgufHeader[] = [];
  for (const path of artifact.files) {
    const reading = await readModelHeader(path, { signal });
    if (!reading.ok) return broken(reading.problem.message);
    headers.push(reading.header);
  }
  const shape = fitShapeOf(headers);
  const check = checkFitInput(shape);
  if (!check.ok) return broken(check.reason);
  return { id, shape, projectorBytes: await projectorBytes(artifact, signal), problem: null };
}

/** Its weights; the whole file where its header cannot be read, which is hardly more. */
async function projectorBytes({ projectorPath }: Artifact, signal: AbortSignal): Promise<number> {
  if (projectorPath === null) return 0;
  const reading = await readModelHeader(projectorPath, { signal });
  if (reading.ok) return reading.facts.tensorBytes;
  return await stat(projectorPath).then(
    ({ size }) => size,
    () => 0,
  );
}
