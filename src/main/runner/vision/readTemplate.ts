import { open } from 'node:fs/promises';
import { numberIn, textIn } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';

/** What a model's header says of its prompts, by our own reader: the binding cuts long texts. */
export interface PromptFacts {
  readonly template: string | null;
  readonly toolTemplate: string | null;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly trainContextTokens: number | null;
  readonly layers: number;
}

/** @param path first file of the model, checked before: what cannot be read here has no template */
export async function readPromptFacts(path: string): Promise<PromptFacts> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const reading = await readGgufHeader({
      sizeBytes: size,
      async read(offset, length) {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
        return bytes.subarray(0, bytesRead);
      },
    });
    if (!reading.ok) return { template: null, toolTemplate: null, bosId: null, eosId: null, trainContextTokens: null, layers: 0 };
    const { header } = reading;
    const architecture = textIn(header, 'general.architecture') ?? '';
    return {
      template: textIn(header, 'tokenizer.chat_template'),
      toolTemplate: textIn(header, 'tokenizer.chat_template.tool_use'),
      bosId: numberIn(header, 'tokenizer.ggml.bos_token_id'),
      eosId: numberIn(header, 'tokenizer.ggml.eos_token_id'),
      trainContextTokens: numberIn(header, `${architecture}.context_length`),
      layers: numberIn(header, `${architecture}.block_count`) ?? 0,
    };
  } finally {
    await handle.close();
  }
}
