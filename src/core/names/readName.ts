import { dockerNamespace, fileFormatOf, type NameParts, takeApart } from './forms.ts';
import { displayNameOf, searchWordsOf, titleOf, typedWordsOf } from './labels.ts';
import { libraryOfPublisher } from './libraries.ts';
import type { NameParameters, NameReading, NameSegment } from './nameReading.ts';
import { sentenceFor } from './sentence.ts';
import { publisherMeaning } from './toSegment.ts';
import { type PartReading, understand } from './understand.ts';

/** The longest address of a file that the hub can have, with room; more is no name. */
const lengthLimit = 2000;
const labelLimit = 120;
const noParameters: NameParameters = { total: null, active: null, effective: null };

/**
 * Reads everything that a name says of a model.
 * @param input a repo, file, address or words as a user types or pastes them; hostile
 * @returns what it says; null where it says nothing. Never throws, and takes time in proportion to the length
 */
export function readName(input: string): NameReading {
  const parts = takeApart(input.length > lengthLimit ? '' : input);
  const read = readParts(parts);
  // What the file's own name says of itself comes first, then what was asked for, then its repo.
  const all = [read.file, read.tag, read.base, ...read.folders].filter((part) => part !== null);
  const own = read.file ?? read.base;
  const first = <Value>(of: (part: PartReading) => Value | null): Value | null => firstOf(all, of);
  const family = first(({ family: choice }) => (choice?.family ? choice : null)) ?? first((part) => part.family);
  const role = own?.role ?? 'model';
  const quant = role === 'model' || role === 'draft' ? first((part) => part.quant) : (own?.quant ?? null);
  const library = fileFormatOf(parts.file ?? '') ?? first((part) => part.library) ?? impliedLibrary(parts);
  const isDynamic = quant?.dynamic ?? false;
  const imatrix = role !== 'imatrix' && all.some((part) => part.imatrix);
  const cannotRun = all.some((part) => part.onlyIn !== null) || role === 'mmproj' || role === 'imatrix' || role === 'adapter';
  const reading = {
    input,
    publisher: parts.publisher,
    repo: parts.repo,
    file: parts.file,
    family: family?.id ?? null,
    version: family?.version ?? first(({ family: choice }) => (choice?.id === family?.id ? (choice?.version ?? null) : null)),
    parameters:
      first(({ parameters }) => ((parameters.total ?? parameters.active ?? parameters.effective) === null ? null : parameters)) ??
      noParameters,
    quant: quant && { ...quant, imatrix, dynamic: isDynamic },
    tunes: [...new Set([...(own?.tunes ?? []), ...(read.file === null ? (read.tag?.tunes ?? []) : [])])],
    modalities: [...new Set(all.flatMap((part) => part.modalities))],
    library,
    role,
    shard: first((part) => part.shard),
    runnable: library === null ? null : library === 'gguf' && !cannotRun && family?.family?.isLanguageModel !== false,
    segments: segmentsOf(parts, read),
    form: parts.form,
    revision: parts.revision,
    methods: own?.methods ?? [],
    imatrix,
    experts: first((part) => part.experts),
    date: first((part) => part.date),
    contextTokens: first((part) => part.contextTokens),
    title: first((part) => titleOf(part.pieces, part.family) || null) ?? '',
    displayName: listNameOf(read.base) || listNameOf(read.file) || shortened(parts.file ?? input),
    searchQuery: parts.repo === null ? searchQueryOf(parts, read) : null,
  } satisfies Omit<NameReading, 'sentence'>;
  return { ...reading, sentence: sentenceFor(reading) };
}

/** Docker’s `ai/` holds models of everybody: it is no publisher of repos. */
function isDockerShelf({ repo, publisher, name }: NameParts): boolean {
  return repo === null && name !== null && publisher === dockerNamespace;
}

function firstOf<Value>(parts: readonly PartReading[], of: (part: PartReading) => Value | null): Value | null {
  for (const part of parts) {
    const value = of(part);
    if (value !== null) return value;
  }
  return null;
}

interface ReadParts {
  readonly base: PartReading | null;
  readonly tag: PartReading | null;
  readonly folders: readonly PartReading[];
  readonly file: PartReading | null;
}

function readParts(parts: NameParts): ReadParts {
  const { name, tag, file } = parts;
  const publisher = isDockerShelf(parts) ? null : parts.publisher;
  const isOneName = parts.repo === null && tag !== null;
  const folders = file?.split('/').slice(0, -1) ?? [];
  return {
    base: name === null ? null : understand(isOneName ? `${name}:${tag}` : name, { publisher, isFile: false }),
    tag: tag === null || isOneName ? null : understand(tag, { publisher: null, isFile: false }),
    folders: folders.map((folder) => understand(folder, { publisher: null, isFile: false })),
    file: file === null ? null : understand(stemOf(file), { publisher, isFile: true }),
  };
}

function stemOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return name.replace(/\.(gguf|safetensors|bin|dat|json|md|txt)$/i, '');
}

/** Ollama and Docker serve GGUF without saying so. */
function impliedLibrary(parts: NameParts): string | null {
  if (parts.repo === null && (parts.form === 'ollama' || parts.form === 'docker' || (parts.form === 'url' && parts.name !== null)))
    return 'gguf';
  return libraryOfPublisher(parts.publisher);
}

function segmentsOf(parts: NameParts, read: ReadParts): readonly NameSegment[] {
  const { publisher, file } = parts;
  const meaning = isDockerShelf(parts) ? 'Docker’s own models' : (publisherMeaning(publisher ?? '') ?? 'publisher');
  const ending = file === null || fileFormatOf(file) === null ? null : file.slice(file.lastIndexOf('.') + 1);
  return [
    ...(publisher === null ? [] : [{ text: publisher, meaning, kind: 'publisher' } as const]),
    ...(read.base?.segments ?? []),
    ...(read.tag?.segments ?? []),
    ...read.folders.flatMap((folder) => folder.segments),
    ...(read.file?.segments ?? []),
    ...(ending === null ? [] : [{ text: ending, meaning: 'file format', kind: 'format' } as const]),
  ];
}

/** What the user typed stays as it was typed, its quant left out; other forms are asked for by their words. */
function searchQueryOf(parts: NameParts, read: ReadParts): string | null {
  const { publisher, form, name } = parts;
  const own = read.base ?? read.file;
  const pieces = own?.pieces ?? [];
  const words = form === 'text' ? typedWordsOf(name, pieces) : searchWordsOf(pieces);
  const maker = isDockerShelf(parts) ? null : publisher;
  return [maker, words].filter((part) => part !== null && part !== '').join(' ') || null;
}

function listNameOf(part: PartReading | null): string {
  return part === null ? '' : displayNameOf(part.pieces);
}

function shortened(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ').trim();
  return line.length > labelLimit ? `${line.slice(0, labelLimit - 1)}…` : line;
}
