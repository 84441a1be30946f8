import { checkHyperparameters } from './checkHyperparameters.ts';
import { type GgufHeader, type GgufProblem, isGgufArray } from './ggufHeader.ts';
import { isRemovedTensorType } from './tensorTypes.ts';

/** llama.cpp keeps tensor names in 64 bytes with their closing zero. */
const tensorNameLimitBytes = 63;

/**
 * Looks for what makes the engine fail or abort before any byte of the model reaches it: data that is not there, tensors that overlap, counts
 * and vocabularies that trip its assertions. A clean answer is no promise: the runner is a process of its own for that reason.
 * Rules of llama.cpp as bundled with node-llama-cpp 3.22.1, checked 2026-11-21.
 * @param header of one file
 * @param file.sizeBytes size of that file
 * @returns the first problem found, or null
 */
export function checkGgufBounds(header: GgufHeader, file: { readonly sizeBytes: number }): GgufProblem | null {
  const shapes = checkTensors(header);
  if (shapes) return invalid(shapes);
  const hyperparameters = checkHyperparameters(header) ?? checkVocabulary(header);
  if (hyperparameters) return invalid(hyperparameters);
  return checkDataEnd(header, file.sizeBytes);
}

function invalid(message: string): GgufProblem {
  return { code: 'gguf-invalid', message };
}

/** llama.cpp demands tensors in file order, each at the aligned end of the one before. */
function checkTensors(header: GgufHeader): string | null {
  const names = new Set<string>();
  let expected = 0;
  let previous = 'the start of the data';
  for (const { name, type, offset, bytes } of header.tensors) {
    if (names.has(name)) return `Two tensors are named "${name}".`;
    names.add(name);
    if (name.length > tensorNameLimitBytes) return `The tensor name "${name}" is longer than ${tensorNameLimitBytes} bytes.`;
    if (isRemovedTensorType(type))
      return `Tensor "${name}" is stored as ${type}, which llama.cpp no longer loads; get a plain Q4_0 or IQ4_NL file.`;
    if (offset < expected)
      return `Tensor "${name}" starts at byte ${offset} of the data and overlaps ${previous}, which ends at ${expected}.`;
    if (offset > expected) return `Tensor "${name}" starts at byte ${offset} of the data; ${expected}, after ${previous}, was expected.`;
    expected = offset + Math.ceil(bytes / header.alignment) * header.alignment;
    previous = `tensor "${name}"`;
  }
  return null;
}

function checkDataEnd(header: GgufHeader, sizeBytes: number): GgufProblem | null {
  const last = header.tensors.at(-1);
  if (!last) return null;
  const end = header.dataOffset + last.offset + last.bytes;
  if (end <= sizeBytes) return null;
  const missing = end - sizeBytes;
  const short = `${missing.toLocaleString('en-US')} ${missing === 1 ? 'byte' : 'bytes'} short`;
  const needed = `its tensors need ${end.toLocaleString('en-US')} bytes and it has ${sizeBytes.toLocaleString('en-US')}`;
  return { code: 'gguf-truncated', message: `The file is ${short}: ${needed}.` };
}

function checkVocabulary(header: GgufHeader): string | null {
  const { vocabulary } = header;
  const model = header.metadata.get('tokenizer.ggml.model');
  if (vocabulary === null) return null;
  if (vocabulary.length === 0 && model !== 'none' && model !== 'no_vocab') return 'The vocabulary "tokenizer.ggml.tokens" is empty.';
  if (vocabulary.duplicate !== null) return `The vocabulary holds the token ${JSON.stringify(vocabulary.duplicate)} twice.`;
  for (const key of ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
    const array = header.metadata.get(key);
    if (isGgufArray(array) && array.length < vocabulary.length) {
      return `"${key}" has ${array.length} entries for a vocabulary of ${vocabulary.length}.`;
    }
  }
  return null;
}
