import { decodeUtf8 } from './decodeUtf8.ts';

/** First bytes of files that people mistake for models, and what to call them. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^(ggml|ggmf|ggjt|ggla|lmgg|fmgg|tjgg)/, 'a model in the GGML format that came before GGUF; get a GGUF version of it'],
  [/^FUGG/, 'a GGUF file with its bytes in the wrong order'],
  [/^\s*<(!doctype|html|head|\?xml)/i, 'a web page, probably saved instead of the model'],
  [/^version https:\/\/git-lfs/, 'a Git LFS pointer: the model itself was not fetched'],
  [/^PK\x03\x04/, 'a ZIP archive or a PyTorch checkpoint'],
  [/^\x1f\x8b/, 'gzip-compressed; unpack it first'],
  [/^.{8}\{"/s, 'probably in the safetensors format'],
  [/^\s*[{[]/, 'JSON text'],
];

/**
 * Says what a file that is no GGUF seems to be.
 * @param start its first bytes, up to 64
 * @returns the end of the sentence "It is …", or null where nothing is recognised
 */
export function recogniseFile(start: Uint8Array): string | null {
  const text = decodeUtf8(start).replaceAll('�', '?');
  return kinds.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
