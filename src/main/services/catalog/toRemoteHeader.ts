import { compareWithHeader } from '#core/names/compareWithHeader.ts';
import { readName } from '#core/names/readName.ts';
import type { RemoteHeader } from '#shared/contract/catalog.ts';
import type { RemoteReading } from './readRemoteHeader.ts';

/** The answer for the page: what the headers say, and where the name says otherwise or the file cannot be whole. */
export function toRemoteHeader(repo: string, { facts, file, sha256, requests, bytesRead }: RemoteReading): RemoteHeader {
  const { mismatches } = compareWithHeader(readName(`${repo}/${file}`), facts);
  const { problem } = facts;
  return {
    repo,
    file,
    sha256,
    architecture: facts.architecture,
    name: facts.name,
    parameters: facts.parameters,
    contextTokens: facts.contextTokens,
    quant: facts.quant,
    bitsPerWeight: facts.bitsPerWeight,
    license: facts.license,
    hasChatTemplate: facts.hasChatTemplate,
    expertCount: facts.expertCount,
    shape: facts.shape,
    mismatches: [...mismatches, ...(problem === null ? [] : [{ field: 'file', name: file, header: problem, sentence: problem }])],
    requests,
    bytesRead,
  };
}
