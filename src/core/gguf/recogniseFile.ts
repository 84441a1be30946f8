/** Files that people mistake for models, known by their first bytes (as Latin-1 text), and what to call them. */
const kinds: readonly (readonly [(start: string) => boolean, string])[] = [
  [
    (start) => /^(ggml|ggmf|ggjt|ggla|lmgg|fmgg|tjgg|algg)/.test(start),
    'a model in the GGML format that came before GGUF; get a GGUF version of it',
  ],
  [(start) => start.startsWith('FUGG'), 'a GGUF file with its bytes in the wrong order'],
  [(start) => /^\s*<(!doctype|html|head|\?xml)/i.test(start), 'a web page, probably saved instead of the model'],
  [(start) => start.startsWith('version https://git-lfs'), 'a Git LFS pointer: the model itself was not fetched'],
  [(start) => start.startsWith('PK\u0003\u0004'), 'a ZIP archive or a PyTorch checkpoint'],
  [(start) => start.startsWith('\u001f\u008b'), 'compressed with gzip; unpack it first'],
  [(start) => start.startsWith('{"', 8), 'probably in the safetensors format'],
  [(start) => /^\s*[{[]/.test(start), 'JSON text'],
];

/**
 * Says what a file that is no GGUF seems to be.
 * @param start its first bytes, up to 64
 * @returns the end of the sentence "It is …", or null where nothing is recognised
 */
export function recogniseFile(start: Uint8Array): string | null {
  const text = String.fromCharCode(...start);
  return kinds.find(([matches]) => matches(text))?.[1] ?? null;
}
