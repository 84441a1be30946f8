/** A line of models that share a name. What stands here is what the name alone implies, never what a certain release can do. */
export interface Family {
  /** Lower case: `qwen`. */
  readonly id: string;
  /** As its makers write it. */
  readonly title: string;
  /** The first letters of versions that belong to them: `K2` of Kimi. A `v` counts for every family. */
  readonly letters?: string;
  readonly tunes?: readonly string[];
  readonly modalities?: readonly string[];
  /** Made of another family: `Llama-3_3-Nemotron` is a Nemotron. */
  readonly isDerived?: true;
  /** Tuners put their own word in front of it and it stays the family: `Impish_QWEN_14B`. */
  readonly isBase?: true;
  /** Four digits are month and year, not month and day: `0924`. */
  readonly stampsMonthAndYear?: true;
  /** Its names say the size in words, so that `base` is a size and no tune. */
  readonly hasSizeWords?: true;
  /** Given false where GGUF files of it are for another program: image, sound. */
  readonly isLanguageModel?: false;
  /** How `general.architecture` of its own releases begins; absent where they differ or are shared by many. */
  readonly architectures?: readonly string[];
}

type Options = Omit<Family, 'id' | 'title'>;

const coder: Options = { tunes: ['coder'] };
const thinking: Options = { tunes: ['thinking'] };
const vision: Options = { tunes: ['vl'], modalities: ['text', 'vision'] };
const embedding: Options = { tunes: ['embedding'], hasSizeWords: true };
const image: Options = { modalities: ['image'], isLanguageModel: false, isBase: true };
const video: Options = { modalities: ['video'], isLanguageModel: false, isBase: true };
const speech: Options = { tunes: ['tts'], modalities: ['audio'], isLanguageModel: false };
const hearing: Options = { tunes: ['asr'], modalities: ['audio', 'text'], isLanguageModel: false, hasSizeWords: true };
const detector: Options = { modalities: ['vision'], isLanguageModel: false, hasSizeWords: true };

/** Title, further spellings (lower case, words joined by `-`), what follows from the name. The id is the title in lower case. */
const table: readonly (readonly [title: string, spellings?: readonly string[], options?: Options])[] = [
  ['Qwen', [], { isBase: true, architectures: ['qwen'] }],
  ['QwQ', [], thinking],
  ['QVQ', [], { tunes: ['vl', 'thinking'], modalities: ['text', 'vision'] }],
  ['Llama', [], { isBase: true, architectures: ['llama', 'mllama', 'deci'] }],
  ['TinyLlama', [], { isBase: true }],
  ['Llama-Spark', ['llama-spark'], { isDerived: true }],
  ['OpenLLaMA', ['open-llama']],
  ['Gemma', [], { isBase: true, architectures: ['gemma'] }],
  ['PaliGemma', [], vision],
  ['Mistral', [], { isBase: true, architectures: ['llama', 'mistral'] }],
  ['Mixtral', [], { isBase: true }],
  ['Ministral', [], { isBase: true }],
  ['Magistral', [], { tunes: ['thinking'], isBase: true }],
  ['Codestral', [], coder],
  ['Devstral', [], { tunes: ['coder'], isBase: true }],
  ['Mathstral'],
  ['Pixtral', [], vision],
  ['Voxtral', [], { modalities: ['text', 'audio'] }],
  ['Shieldstral'],
  ['DeepSeek', [], { isBase: true, letters: 'r' }],
  ['GLM', ['chatglm'], { isBase: true, letters: 'z' }],
  ['AutoGLM'],
  ['gpt-oss', ['gptoss', 'gpt-oss'], { isBase: true, architectures: ['gpt-oss'] }],
  ['Kimi', [], { isBase: true, letters: 'k' }],
  ['Moonlight'],
  ['MiniMax', [], { isBase: true, letters: 'm' }],
  ['Granite', [], { isBase: true, architectures: ['granite'] }],
  ['Phi', [], { isBase: true, architectures: ['phi'] }],
  ['OLMo', [], { isBase: true, architectures: ['olmo'], stampsMonthAndYear: true }],
  ['OLMoE', [], { architectures: ['olmoe'], stampsMonthAndYear: true, isBase: true }],
  ['Molmo', [], { tunes: ['vl'], modalities: ['text', 'vision'], stampsMonthAndYear: true }],
  ['Nemotron', [], { isDerived: true, isBase: true }],
  ['Tulu', [], { isDerived: true }],
  ['SmolLM', [], { isBase: true, architectures: ['smollm', 'llama'] }],
  ['SmolVLM', [], vision],
  ['SmallThinker', [], thinking],
  ['LFM', [], { isBase: true, architectures: ['lfm'] }],
  ['EXAONE', [], { isBase: true, architectures: ['exaone'] }],
  ['Falcon', [], { isBase: true, letters: 'he', architectures: ['falcon', 'llama', 'mamba'] }],
  ['ERNIE', [], { architectures: ['ernie'] }],
  ['Hunyuan', ['hy'], { isBase: true }],
  ['Hunyuan-MT', ['hunyuan-mt', 'hy-mt'], { isBase: true }],
  ['Yi', [], { isBase: true }],
  ['InternLM', [], { isBase: true }],
  ['InternVL', [], vision],
  ['Intern-S', ['intern-s'], { tunes: ['vl'], modalities: ['text', 'vision'] }],
  ['MiniCPM'],
  ['AgentCPM'],
  ['Command-R', ['command-r', 'c4ai-command-r']],
  ['Command-A', ['command-a', 'c4ai-command-a']],
  ['Aya', ['aya-expanse', 'c4ai-aya']],
  ['Jamba', [], { architectures: ['jamba'] }],
  ['Mamba'],
  ['RWKV', [], { architectures: ['rwkv'] }],
  ['StableLM', ['stable-lm']],
  ['Stable-Code', ['stable-code'], coder],
  ['llm-jp', ['llm-jp']],
  ['StarCoder', [], coder],
  ['StarChat'],
  ['Starling'],
  ['SOLAR', ['solar-pro']],
  ['Zephyr'],
  ['OpenChat'],
  ['OpenHermes'],
  ['Hermes'],
  ['Dolphin'],
  ['WizardLM'],
  ['Neural-Chat', ['neural-chat'], { tunes: ['chat'] }],
  ['WizardCoder', [], coder],
  ['WizardMath'],
  ['Vicuna', [], { isBase: true }],
  ['Alpaca'],
  ['Guanaco'],
  ['Orca'],
  ['MythoMax'],
  ['Airoboros'],
  ['MPT'],
  ['DBRX'],
  ['Grok'],
  ['Baichuan'],
  ['XVERSE'],
  ['Nanbeige', [], { isBase: true }],
  ['Seed-OSS', ['seed-oss'], { architectures: ['seed'] }],
  ['Seed-Coder', ['seed-coder'], coder],
  ['Apertus', [], { architectures: ['apertus'] }],
  ['Apriel'],
  ['Ling', [], { architectures: ['bailing'] }],
  ['Ring', [], { tunes: ['thinking'], architectures: ['bailing'] }],
  ['Step'],
  ['MiMo'],
  ['KAT'],
  ['KwaiCoder', [], coder],
  ['BitNet', [], { architectures: ['bitnet'] }],
  ['Bonsai', [], { isBase: true }],
  ['Mellum', [], coder],
  ['GigaChat'],
  ['GroveMoE', [], { architectures: ['grovemoe'] }],
  ['Megrez'],
  ['Trinity'],
  ['AFM'],
  ['INTELLECT'],
  ['Reka', ['reka-flash']],
  ['Arctic'],
  ['Dots', ['dots.llm1']],
  ['Bielik'],
  ['EuroLLM'],
  ['Salamandra'],
  ['HyperCLOVAX', ['hyperclova-x']],
  ['Kanana'],
  ['Sarvam'],
  ['T-pro', ['t-pro']],
  ['T-lite', ['t-lite']],
  ['llm-compiler', ['llm-compiler']],
  ['TinyStories', ['stories']],
  ['Starter'],
  ['Pythia', [], { isBase: true }],
  ['Bloom', ['bloomz']],
  ['GPT-2', ['gpt2', 'gpt-2']],
  ['GPT-J', ['gpt-j', 'gptj']],
  ['GPT-NeoX', ['gpt-neox']],
  ['Fara', [], { modalities: ['text', 'vision'] }],
  ['Jan'],
  ['Tess'],
  ['Calme'],
  ['Magnum'],
  ['Cydonia'],
  ['Rocinante'],
  ['Qwopus'],
  ['Qwythos'],
  ['Carnice'],
  ['Darwin'],
  ['Inkling'],
  ['Laguna'],
  ['BGE', [], { tunes: ['embedding'], hasSizeWords: true, letters: 'm' }],
  ['Nomic', ['nomic-embed', 'nomic-embed-text', 'nomic-embed-code', 'nomic-embed-vision'], embedding],
  ['Jina'],
  ['mxbai', ['mxbai-embed', 'mxbai-rerank'], { hasSizeWords: true }],
  ['Arctic-Embed', ['arctic-embed', 'snowflake-arctic-embed'], embedding],
  ['GTE', [], embedding],
  ['E5', ['multilingual-e5'], embedding],
  ['MiniLM', ['all-minilm'], embedding],
  ['MPNet', ['all-mpnet'], embedding],
  ['Stella', ['stella-en'], embedding],
  ['LLaVA', [], vision],
  ['BakLLaVA', [], vision],
  ['Moondream', [], vision],
  ['Ovis', [], vision],
  ['Idefics', [], vision],
  ['CogVLM', [], vision],
  ['FastVLM', [], vision],
  ['Janus', [], vision],
  ['PaddleOCR', [], { modalities: ['text', 'vision'] }],
  ['Chandra', [], { modalities: ['text', 'vision'] }],
  ['Ultravox', [], { modalities: ['text', 'audio'] }],
  ['Whisper', ['distil-whisper'], hearing],
  ['Parakeet', [], hearing],
  ['Moonshine', [], hearing],
  ['Canary', [], hearing],
  ['CED', [], { modalities: ['audio'], isLanguageModel: false, hasSizeWords: true }],
  ['OuteTTS', [], { tunes: ['tts'], modalities: ['text', 'audio'], isDerived: true }],
  ['Orpheus', [], { tunes: ['tts'], modalities: ['text', 'audio'] }],
  ['NeuTTS', ['neutts-air', 'neutts-nano'], { tunes: ['tts'], modalities: ['text', 'audio'] }],
  ['Kokoro', [], speech],
  ['VibeVoice', [], { modalities: ['audio'], isLanguageModel: false }],
  ['Chatterbox', [], speech],
  ['Piper', [], speech],
  ['FLUX', [], image],
  ['Stable-Diffusion', ['stable-diffusion', 'sd', 'sdxl'], image],
  ['Z-Image', ['z-image'], image],
  ['Qwen-Image', ['qwen-image', 'qwen-image-edit'], image],
  ['HiDream', [], image],
  ['Ideogram', [], image],
  ['Chroma', [], image],
  ['Wan', [], video],
  ['LTX', ['ltx-video', 'ltxv'], video],
  ['HunyuanVideo', ['hunyuan-video'], video],
  ['T5', ['t5xxl', 'umt5', 'flan-t5'], { hasSizeWords: true }],
  ['CLIP', [], detector],
  ['RF-DETR', ['rfdetr', 'rf-detr'], detector],
  ['Depth-Anything', ['depth-anything'], detector],
  ['Locate-Anything', ['locate-anything'], detector],
  ['BERT', ['modernbert', 'roberta', 'deberta'], { hasSizeWords: true }],
];

/** Names that grew out of a family and still say it: `CodeLlama`, `medgemma`. What the first half adds is given here. */
const compounds: readonly (readonly [spelling: string, id: string, options: Options])[] = [
  ['codellama', 'llama', coder],
  ['minicpm-v', 'minicpm', vision],
  ['minicpm-llama3-v', 'minicpm', vision],
  ['minicpm-o', 'minicpm', { tunes: ['omni'], modalities: ['text', 'vision', 'audio'] }],
  ['llama-guard', 'llama', {}],
  ['codegemma', 'gemma', coder],
  ['embeddinggemma', 'gemma', embedding],
  ['functiongemma', 'gemma', { tunes: ['tool-calling'] }],
  ['medgemma', 'gemma', {}],
  ['codeqwen', 'qwen', coder],
  ['gemmacoder', 'gemma', coder],
  ['bge-reranker', 'bge', { tunes: ['reranker'], hasSizeWords: true }],
  ['jina-embeddings', 'jina', embedding],
  ['mxbai-embed', 'mxbai', embedding],
  ['deepseekcoder', 'deepseek', coder],
  ['deepseekmath', 'deepseek', {}],
  ['hunyuanocr', 'hunyuan', { modalities: ['text', 'vision'] }],
  ['ovisocr', 'ovis', { modalities: ['text', 'vision'] }],
];

/** Endings that still name the family in a word somebody made up: `FastLlama`, `supergemma`. */
const endings: readonly string[] = ['llama', 'gemma', 'qwen', 'mistral'];

/** Marks that stand for a family at the front of a tuner's name, with its version behind: `L3.1-8B-Niitama`. */
const shortMarks: ReadonlyMap<string, { readonly family: string; readonly needsVersion: boolean }> = new Map([
  ['l', { family: 'llama', needsVersion: true }],
  ['q', { family: 'qwen', needsVersion: true }],
  ['g', { family: 'gemma', needsVersion: true }],
  ['m', { family: 'mistral', needsVersion: true }],
  ['ms', { family: 'mistral', needsVersion: false }],
  ['mn', { family: 'mistral', needsVersion: false }],
  ['ml', { family: 'mistral', needsVersion: false }],
]);

const byId = new Map<string, Family>();
const bySpelling = new Map<string, Family>();
for (const [title, spellings = [], options = {}] of table) {
  const id = title.toLowerCase();
  const family: Family = { id, title, ...options };
  byId.set(id, family);
  for (const spelling of [id, ...spellings]) bySpelling.set(spelling, family);
}
// A spelling says more than the family it leads to, so it gets a family of its own that only shares the id.
for (const [spelling, id, options] of compounds) {
  bySpelling.set(spelling, { id, title: byId.get(id)?.title ?? id, ...options });
}

/** First words of the spellings that have several. */
const phraseBeginnings: ReadonlySet<string> = new Set(
  [...bySpelling.keys()].flatMap((spelling) => (spelling.includes('-') ? spelling.slice(0, spelling.indexOf('-')) : [])),
);

/** Whether a family's spelling of several words may begin with this one. */
export function beginsFamilyPhrase(word: string): boolean {
  return phraseBeginnings.has(word);
}

/** @returns the family with that id, or null */
export function familyOfId(id: string): Family | null {
  return byId.get(id) ?? null;
}

/**
 * Looks a family up by how names write it.
 * @param spelling lower case, without a version; words joined by `-`
 */
export function familyOfSpelling(spelling: string): Family | null {
  return bySpelling.get(spelling) ?? null;
}

/**
 * Looks for a family at the end of a made-up word.
 * @param word lower case, without a version
 */
export function familyOfEnding(word: string): Family | null {
  const ending = endings.find((candidate) => word.length > candidate.length && word.endsWith(candidate));
  return ending === undefined ? null : familyOfId(ending);
}

/**
 * Reads the short mark at the front of a tuner's name.
 * @param letters before the version, lower case
 * @param hasVersion whether digits follow
 */
export function familyOfShortMark(letters: string, hasVersion: boolean): Family | null {
  const mark = shortMarks.get(letters);
  return mark && (hasVersion || !mark.needsVersion) ? familyOfId(mark.family) : null;
}
