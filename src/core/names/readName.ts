import { quantFromFileName } from '../quant/quantFromFileName.ts';
import { takeApart } from './forms.ts';
import type { NameReading } from './nameReading.ts';

/**
 * Reads everything that a name says of a model.
 * @param input a repo, file, address or words as a user types or pastes them; hostile
 * @returns what it says; null where it says nothing. Never throws
 */
export function readName(input: string): NameReading {
  const parts = takeApart(input);
  const named = quantFromFileName(parts.tag ?? parts.file ?? parts.name ?? '');
  const base = parts.name ?? named.baseName;
  const displayName = base
    .replace(/[-_. ]gguf$/i, '')
    .replace(/[-_]+/g, ' ')
    .trim();
  return {
    input,
    publisher: parts.publisher,
    repo: parts.repo,
    file: parts.file,
    family: null,
    version: null,
    parameters: { total: null, active: null, effective: null },
    quant: named.type && {
      type: named.type.label,
      label: named.label ?? named.type.label,
      bits: named.type.bits,
      bitsPerWeight: named.type.bitsPerWeight,
      scheme: named.type.scheme,
      imatrix: named.imatrix,
      dynamic: named.dynamic,
    },
    tunes: [],
    modalities: [],
    library: /gguf/i.test(input) ? 'gguf' : null,
    role: named.role,
    shard: named.shard,
    runnable: /gguf/i.test(input) ? true : null,
    sentence: displayName,
    segments: [],
    form: parts.form,
    revision: parts.revision,
    date: null,
    contextTokens: null,
    displayName: displayName === '' ? input.trim() : displayName,
  };
}
