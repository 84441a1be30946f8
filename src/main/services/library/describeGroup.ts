import type { GgufFacts } from '#core/gguf/describeGguf.ts';
import { numberIn } from '#core/gguf/ggufHeader.ts';
import { compareWithHeader } from '#core/names/compareWithHeader.ts';
import { readName } from '#core/names/readName.ts';
import { type NamedQuant, quantFromFileName } from '#core/quant/quantFromFileName.ts';
import type { ArtifactFile, ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { nameGivenByApp, originOf } from './claimedFields.ts';
import { type FileProblem, fileProblem } from './fileProblem.ts';
import type { FileGroup } from './groupShards.ts';
import { readModelHeader } from './openModelFile.ts';

/** What the files of an artifact say about it: the part of a row that follows from their bytes. */
export type FileFacts = Pick<
  ArtifactRow,
  | 'name'
  | 'publisher'
  | 'repo'
  | 'quant'
  | 'files'
  | 'sizeBytes'
  | 'state'
  | 'problem'
  | 'role'
  | 'architecture'
  | 'parameters'
  | 'contextTokens'
  | 'width'
  | 'license'
  | 'hasChatTemplate'
>;

/**
 * Reads the headers of a group. What belongs to a model and is none itself (a vision projector, an adapter, an importance matrix)
 * gets the role `other`. A bad file gives facts in state `broken`; only an abort throws.
 */
export async function describeGroup(group: FileGroup, options: { readonly signal?: AbortSignal } = {}): Promise<FileFacts> {
  if (group.missingShards.length > 0) return unreadableFacts(group, shardsMissing(group));
  const parts: GgufFacts[] = [];
  let projectorWidth: number | null = null;
  for (const file of group.files) {
    const reading = await readModelHeader(file.path, options);
    if (!reading.ok) return unreadableFacts(group, reading.problem);
    parts.push(reading.facts);
    projectorWidth ??= numberIn(reading.header, 'clip.vision.projection_dim') ?? numberIn(reading.header, 'clip.audio.projection_dim');
  }
  const facts = parts[0];
  if (facts === undefined) return unreadableFacts(group, fileProblem(modelErrors.fileMissing, 'The file is not there.'));
  const elements = parts.reduce((total, part) => total + part.tensorElements, 0);
  return {
    ...unreadableFacts(group, null),
    ...originOf(group),
    name: nameGivenByApp(group) ?? (facts.name?.trim() || readableName(named(group).baseName) || group.baseName),
    quant: storedQuant(group, facts),
    state: 'ready',
    role: facts.role === 'model' && named(group).role === 'model' ? 'model' : 'other',
    architecture: facts.architecture,
    parameters: elements === 0 ? null : elements,
    contextTokens: facts.contextTokens,
    width: facts.role === 'model' ? facts.embeddingLength : projectorWidth,
    license: facts.license,
    hasChatTemplate: facts.chatTemplate !== null,
  };
}

/** Names tell recipes apart that headers count as one type (`UD-Q4_K_XL`, `Q6_K_L`); where the two disagree the header is right. */
function storedQuant(group: FileGroup, facts: GgufFacts): string | null {
  const { mismatches } = compareWithHeader(readName(`${group.baseName}.gguf`), facts);
  return mismatches.some(({ field }) => field === 'quant') ? facts.quant : (named(group).label ?? facts.quant);
}

/** Facts of a group whose headers cannot be read: only what its names and sizes tell. */
export function unreadableFacts(group: FileGroup, problem: FileProblem | null): FileFacts {
  return {
    ...originOf(group),
    name: nameGivenByApp(group) ?? (readableName(named(group).baseName) || group.baseName),
    quant: named(group).label,
    files: group.files.map(toArtifactFile),
    sizeBytes: group.files.reduce((total, file) => total + file.sizeBytes, 0),
    state: 'broken',
    problem,
    role: named(group).role === 'model' ? 'model' : 'other',
    architecture: null,
    parameters: null,
    contextTokens: null,
    width: null,
    license: null,
    hasChatTemplate: false,
  };
}

function shardsMissing(group: FileGroup): FileProblem {
  const total = group.missingShards.length + group.files.length;
  const parts = group.missingShards.slice(0, 5).join(', ') + (group.missingShards.length > 5 ? ', …' : '');
  return fileProblem(modelErrors.shardMissing, `${group.missingShards.length} of ${total} parts are not there: part ${parts}.`);
}

const toArtifactFile = (file: ArtifactFile): ArtifactFile => ({
  path: file.path,
  sizeBytes: file.sizeBytes,
  modifiedAtMs: file.modifiedAtMs,
});

const named = (group: FileGroup): NamedQuant => quantFromFileName(group.baseName);
const readableName = (baseName: string): string => baseName.replace(/[-_]+/g, ' ').trim();
