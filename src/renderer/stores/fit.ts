import { create } from 'zustand';
import type { FitShape } from '#core/fit/fitTypes.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { pipeErrors, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { rpc } from './rpc.ts';

/** What a fit of one model of the library is computed from. `of` is the model as it was when it was asked for. */
export type KnownShape =
  | { readonly state: 'ready'; readonly of: Artifact; readonly shape: FitShape }
  /** `isFinal` is off where asking again may bring an answer. */
  | { readonly state: 'unknown'; readonly of: Artifact; readonly problem: string; readonly isFinal: boolean };

interface FitState {
  readonly shapes: ReadonlyMap<string, KnownShape>;
}

/** Shapes are asked for a few at a time, the rows in view before all others, and kept while their files stay the same. */
export const useFit = create<FitState>(() => ({ shapes: new Map() }));

const { getState: get, setState: set } = useFit;

/** So few that rows in view wait for no more than one of them. */
const chunkLength = 48;
let opened: readonly Artifact[] = [];
let inView: readonly Artifact[] = [];
let others: readonly Artifact[] = [];
let isAsking = false;

/** Has the shapes of rows in view read next. Rows that have left the view meanwhile are no longer asked for. */
export function wantInView(artifacts: readonly Artifact[]): void {
  inView = artifacts.filter(isWanting);
  void askOn();
}

/** Has the shape of the model whose details are open read before all others. */
export function wantOpened(artifact: Artifact): void {
  opened = [artifact];
  void askOn();
}

/** Has all of these read when nothing in view waits: what sorting needs. None = no longer. */
export function wantAll(artifacts: readonly Artifact[]): void {
  others = artifacts.filter(isWanting);
  void askOn();
}

/** @returns what is known of a model as its file is now; undefined while nothing is */
export function shapeOf(shapes: FitState['shapes'], artifact: Artifact): KnownShape | undefined {
  const known = shapes.get(artifact.id);
  return known !== undefined && isSameFile(known.of, artifact) ? known : undefined;
}

/** Forgets models that are gone or whose file is another by now. */
export function keepShapesOf(artifacts: readonly Artifact[]): void {
  const { shapes } = get();
  if (shapes.size === 0) return;
  const present = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const kept = [...shapes].filter(([id, known]) => {
    const artifact = present.get(id);
    return artifact !== undefined && isSameFile(known.of, artifact);
  });
  if (kept.length < shapes.size) set({ shapes: new Map(kept) });
}

function isWanting(artifact: Artifact): boolean {
  if (artifact.state !== 'ready') return false;
  const known = shapeOf(get().shapes, artifact);
  return known === undefined || (known.state === 'unknown' && !known.isFinal);
}

async function askOn(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  try {
    for (let chunk = nextChunk(); chunk.length > 0; chunk = nextChunk()) await ask(chunk);
  } catch {
    // The connection was lost: whoever looks asks again when it is back.
    inView = [];
    others = [];
  } finally {
    isAsking = false;
  }
}

function nextChunk(): readonly Artifact[] {
  const first = opened.filter(isWanting);
  opened = [];
  if (first.length > 0) return first;
  const from = inView.filter(isWanting);
  inView = from.slice(chunkLength);
  if (from.length > 0) return from.slice(0, chunkLength);
  const rest = others.filter(isWanting);
  others = rest.slice(chunkLength);
  return rest.slice(0, chunkLength);
}

async function ask(artifacts: readonly Artifact[]): Promise<void> {
  const found = new Map<string, KnownShape>();
  try {
    const { shapes } = await rpc.call('fit.shapes', { ids: artifacts.map(({ id }) => id) });
    const byId = new Map(shapes.map((one) => [one.id, one]));
    for (const of of artifacts) {
      const one = byId.get(of.id);
      found.set(
        of.id,
        one?.shape == null
          ? { state: 'unknown', of, problem: one?.problem ?? 'Its header has not been read.', isFinal: one !== undefined }
          : { state: 'ready', of, shape: one.shape },
      );
    }
  } catch (thrown) {
    const { code, message } = toRpcErrorData(thrown);
    if (code === pipeErrors.closed || code === pipeErrors.cancelled) throw thrown;
    for (const of of artifacts) found.set(of.id, { state: 'unknown', of, problem: message, isFinal: false });
  }
  const shapes = new Map(get().shapes);
  for (const [id, known] of found) shapes.set(id, known);
  set({ shapes });
}

/** Of the same bytes, as far as the library knows. A hash that has only now been read is no change. */
function isSameFile(a: Artifact, b: Artifact): boolean {
  if (a === b) return true;
  return (
    a.path === b.path &&
    a.sizeBytes === b.sizeBytes &&
    a.state === b.state &&
    a.files.length === b.files.length &&
    a.projectorPath === b.projectorPath &&
    (a.sha256 === null || a.sha256 === b.sha256)
  );
}
