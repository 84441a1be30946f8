/** Formats by what a sentence says of them. */
const words: ReadonlyMap<string, string> = new Map([
  ['gguf', 'as GGUF for llama.cpp'],
  ['ggml', 'in llama.cpp’s old format, which no program of today reads'],
  ['mlx', 'for MLX on Apple computers, not for the engine of Rightsize'],
  ['litert', 'for LiteRT (phones and small devices), not for the engine of Rightsize'],
  ['safetensors', 'as unquantised weights, not for the engine of Rightsize'],
]);

/** Publishers who use one format only. */
const ofPublisher: ReadonlyMap<string, string> = new Map([
  ['mlx-community', 'mlx'],
  ['litert-community', 'litert'],
]);

/**
 * Says a format in a sentence.
 * @param library as `NameReading.library` has it
 */
export function libraryWords(library: string): string {
  return words.get(library) ?? `as ${library.toUpperCase()}, not for the engine of Rightsize`;
}

/** The format that everything of a publisher is in; null for nearly all. */
export function libraryOfPublisher(publisher: string | null): string | null {
  return publisher === null ? null : (ofPublisher.get(publisher.toLowerCase()) ?? null);
}
