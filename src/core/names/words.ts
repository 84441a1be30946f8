/** What part a word plays in a name. */
export type WordKind =
  /** What the model was trained to do. */
  | 'tune'
  /** Which of a family: Small, Flash. */
  | 'variant'
  /** How it was made: pruned, distilled. */
  | 'method'
  | 'format'
  /** How the quants were made. */
  | 'quant-mark'
  /** A part of a model, or a file beside it. */
  | 'role'
  | 'language'
  /** A field it knows. */
  | 'domain'
  /** Who made it, where that is part of the name: Meta-Llama. */
  | 'maker'
  /** A closed model that it learnt from. */
  | 'teacher'
  /** Mixture of experts and the like. */
  | 'structure'
  /** Says nothing: model, file. */
  | 'generic';

export interface Word {
  readonly kind: WordKind;
  /** A short gloss; null for what is no news to anybody. */
  readonly meaning: string | null;
  readonly tune?: string;
  readonly modalities?: readonly string[];
  readonly method?: string;
  readonly library?: string;
}

type Row = readonly [spellings: string, meaning: string | null, more?: Omit<Word, 'kind' | 'meaning'>];

/** Spellings are in lower case and stand between spaces; the words of one are joined by `-`. */
const rows: Readonly<Record<WordKind, readonly Row[]>> = {
  tune: [
    ['it instruct inst instruction instruction-tuned', 'follows instructions', { tune: 'instruct' }],
    ['chat', 'tuned for chat', { tune: 'chat' }],
    ['base pretrain pretrained foundation', 'base model', { tune: 'base' }],
    ['thinking think thinker reasoning reasoner', 'thinks first', { tune: 'thinking' }],
    ['coder code coding', 'writes code', { tune: 'coder' }],
    ['vl vision vlm multimodal video', 'sees images', { tune: 'vl', modalities: ['text', 'vision'] }],
    ['omni', 'sees and hears', { tune: 'omni', modalities: ['text', 'vision', 'audio'] }],
    ['embedding embeddings embed embedder', 'makes embeddings', { tune: 'embedding' }],
    ['reranker rerank', 'ranks search results', { tune: 'reranker' }],
    ['tts', 'speaks', { tune: 'tts', modalities: ['text', 'audio'] }],
    ['asr stt transcribe speech-to-text', 'writes down speech', { tune: 'asr', modalities: ['text', 'audio'] }],
    ['tool-calling function-calling function-call tool tools toolcall toolcalling', 'calls tools', { tune: 'tool-calling' }],
    ['abliterated abliteration ablated ablit lorablated', 'refusals removed', { tune: 'abliterated' }],
    ['uncensored', 'uncensored', { tune: 'uncensored' }],
    ['draft drafter dflash eagle eagle3 speculator', 'draft model', { tune: 'draft' }],
  ],
  variant: [
    ['small medium large mini nano micro tiny super ultra giant xs s m l xl xxl big little', 'size class'],
    ['pro plus max flash lite turbo next air instant lightning fast edge high med low', 'variant'],
    ['scout maverick nemo linear dev h hf deep maximum compact balanced spark', 'variant'],
    ['exp preview experimental rc1 rc2 beta alpha final latest', 'preview release'],
    ['v o', 'variant'],
    ['audio speech', 'hears', { modalities: ['text', 'audio'] }],
    ['ocr', 'reads text in images', { modalities: ['text', 'vision'] }],
  ],
  method: [
    ['reap', 'experts pruned', { method: 'REAP' }],
    ['pruned', 'pruned', { method: 'pruned' }],
    ['minitron', 'pruned (Minitron)', { method: 'pruned' }],
    ['distill distilled distillation distil', 'distilled', { method: 'distilled' }],
    ['qat', 'trained for low bits', { method: 'QAT' }],
    ['mtp', 'predicts several tokens', { method: 'MTP' }],
    ['dpo kto orpo simpo grpo rlhf ppo', 'preference-trained', { method: 'preference-trained' }],
    ['sft finetune finetuned ft fine-tuned tuned lora qlora', 'fine-tuned', { method: 'fine-tuned' }],
    ['rl rlvr rlbff', 'reinforcement learning', { method: 'RL' }],
    ['merge merged slerp ties dare frankenmerge', 'merged models', { method: 'merged' }],
    [
      'heretic derestricted decensored heresy obliterated unrestricted uncen uncnr jailbroken',
      'refusals removed',
      { method: 'decensored' },
    ],
    ['josiefied', 'refusals removed', { method: 'decensored' }],
    ['brainstorm upscaled upscale', 'layers added', { method: 'upscaled' }],
    ['healed', 'retrained after a cut', { method: 'healed' }],
  ],
  format: [
    ['gguf ggufs guff', 'file format', { library: 'gguf' }],
    ['ggml', 'llama.cpp’s old format', { library: 'ggml' }],
    ['mlx', 'format for Apple MLX', { library: 'mlx' }],
    ['litert litert-lm litertlm tflite', 'for phones (LiteRT)', { library: 'litert' }],
    ['safetensors', 'unquantised weights', { library: 'safetensors' }],
    ['gptq', '4-bit for GPU servers', { library: 'gptq' }],
    ['awq', '4-bit for GPU servers', { library: 'awq' }],
    ['exl2', 'format for ExLlama', { library: 'exl2' }],
    ['exl3', 'format for ExLlama', { library: 'exl3' }],
    ['onnx', 'format for ONNX', { library: 'onnx' }],
    ['openvino', 'format for OpenVINO', { library: 'openvino' }],
    ['coreml', 'format for Core ML', { library: 'coreml' }],
    ['bnb bitsandbytes', 'format for bitsandbytes', { library: 'bitsandbytes' }],
    ['ct2 ctranslate2', 'format for CTranslate2', { library: 'ctranslate2' }],
    ['mlc', 'format for MLC', { library: 'mlc' }],
    ['hqq', 'format for HQQ', { library: 'hqq' }],
    ['eetq', 'format for EETQ', { library: 'eetq' }],
    ['w4a16 w8a8 w8a16 w4a8 quantized.w4a16 quantized.w8a8', 'format for vLLM', { library: 'compressed-tensors' }],
    ['llamafile', 'runs by itself', { library: 'llamafile' }],
    ['rknn rkllm', 'format for Rockchip', { library: 'rkllm' }],
  ],
  'quant-mark': [
    ['i1', 'importance-matrix quants'],
    ['imat imatrix di-matrix di-imatrix iq-imatrix', 'importance matrix'],
    ['ud', 'unsloth dynamic quant'],
    ['apex', 'tensor-by-tensor quant'],
    ['autoround', 'rounded by AutoRound'],
    ['fp8', '8-bit floats'],
    ['fp4', '4-bit floats'],
    ['int8 8bit', '8 bits a weight'],
    ['int4 4bit q4', '4 bits a weight'],
    ['6bit q6', '6 bits a weight'],
    ['5bit q5', '5 bits a weight'],
    ['3bit q3', '3 bits a weight'],
    ['2bit q2', '2 bits a weight'],
    ['q8', '8 bits a weight'],
    ['mixed', 'several types'],
    ['magicquant moq otq dynamic', 'tensor-by-tensor quant'],
    ['neo-code', 'packager’s own matrix'],
    ['b1.58 1.58bit', '1.58 bits a weight'],
    ['ternary', 'weights of −1, 0, 1'],
    ['kquant kquants k-quant', 'K-quants'],
  ],
  role: [
    ['mmproj', 'vision or audio projector'],
    ['adapter', 'adapter'],
  ],
  language: [
    ['en english', 'English'],
    ['zh chinese cn', 'Chinese'],
    ['jp ja japanese', 'Japanese'],
    ['ko korean kor', 'Korean'],
    ['de german', 'German'],
    ['fr french', 'French'],
    ['es spanish', 'Spanish'],
    ['ru russian', 'Russian'],
    ['lv latvian', 'Latvian'],
    ['pl polish', 'Polish'],
    ['multilingual polyglot', 'many languages'],
    ['enjp', 'English and Japanese'],
  ],
  domain: [
    ['math maths mathematics prover', 'mathematics'],
    ['medical med-qa biomedical', 'medicine'],
    ['finance', 'finance'],
    ['legal law', 'law'],
    ['python', 'Python'],
    ['guard safeguard guardian', 'judges safety'],
    ['roleplay rp', 'role play'],
    ['translate translation mt', 'translates'],
    ['rag', 'answers from documents'],
    ['extract', 'extracts data'],
    ['summary summarize', 'summarises'],
    ['tokenizer', 'tokenizer'],
    ['docling', 'converts documents'],
  ],
  maker: [
    ['meta facebook', 'Meta'],
    ['nvidia', 'NVIDIA'],
    ['google', 'Google'],
    ['microsoft ms-ai', 'Microsoft'],
    ['ibm', 'IBM'],
    ['openai', 'OpenAI'],
    ['tongyi alibaba', 'Alibaba'],
    ['huihui', 'tuned by huihui-ai'],
    ['mistralai', 'Mistral AI'],
    ['ai21', 'AI21'],
    ['c4ai cohere', 'Cohere'],
    ['nous', 'Nous Research'],
    ['amd', 'AMD'],
    ['unsloth', 'unsloth'],
    ['thireus', 'quantised by Thireus'],
    ['d_au', 'by DavidAU'],
  ],
  teacher: [
    ['claude', 'learnt from Claude'],
    ['opus', 'learnt from Claude Opus'],
    ['sonnet', 'learnt from Claude Sonnet'],
    ['gpt chatgpt', 'learnt from GPT'],
    ['gpt-4o gpt4o gpt-4', 'learnt from GPT'],
    ['gemini', 'learnt from Gemini'],
    ['fable mythos', null],
  ],
  structure: [
    ['moe', 'mixture of experts'],
    ['dense', 'every weight used'],
    ['a', null],
  ],
  generic: [['ggml-model cpp model models file main default weights text quantized quantised uncompressed', null]],
};

const bySpelling = new Map<string, Word>();
for (const [kind, list] of Object.entries(rows) as [WordKind, readonly Row[]][]) {
  for (const [spellings, meaning, more] of list) {
    for (const spelling of spellings.split(' ')) bySpelling.set(spelling, { kind, meaning, ...more });
  }
}

/** First words of the spellings that have several. */
const phraseBeginnings: ReadonlySet<string> = new Set(
  [...bySpelling.keys()].flatMap((spelling) => (spelling.includes('-') ? spelling.slice(0, spelling.indexOf('-')) : [])),
);

/** Whether an entry of several words may begin with this one. */
export function beginsPhrase(word: string): boolean {
  return phraseBeginnings.has(word);
}

/** Ends that make a coder of a made-up word, and words that only look like one. */
const coderEnding = 'coder';
const noCoders: ReadonlySet<string> = new Set(['encoder', 'decoder', 'vocoder', 'transcoder', 'autoencoder', 'recoder']);

/**
 * Looks up what a word of a name says.
 * @param spelling lower case; several words joined by `-`
 * @returns null for a word that is not in the tables
 */
export function wordOf(spelling: string): Word | null {
  return bySpelling.get(spelling) ?? null;
}

/** `OmniCoder`, `NousCoder2`: whether a made-up word says that the model writes code. */
export function namesCoder(word: string): boolean {
  return word.length > coderEnding.length && word.endsWith(coderEnding) && !noCoders.has(word);
}
