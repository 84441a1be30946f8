/** `lab` trains models, `packager` quantises the models of others, `tuner` trains other people's models further. */
export type PublisherKind = 'lab' | 'packager' | 'tuner' | 'unknown';

export interface PublisherFacts {
  readonly kind: PublisherKind;
  /** A lab itself, or a packager whose files are known to be made with care. */
  readonly isTrusted: boolean;
  /** False where everything it publishes is in a format for other programs. */
  readonly isForThisEngine: boolean;
}

const labs: readonly string[] = [
  'Qwen google meta-llama mistralai microsoft nvidia openai deepseek-ai ibm-granite zai-org THUDM moonshotai MiniMaxAI allenai HuggingFaceTB',
  'HuggingFaceBio LiquidAI tiiuae tencent baidu ByteDance-Seed LGAI-EXAONE CohereLabs CohereForAI openbmb internlm InternScience OpenGVLab',
  '01-ai stabilityai bigcode ai21labs inclusionAI stepfun-ai XiaomiMiMo Kwaipilot facebook apple amd Intel Nanbeige JetBrains swiss-ai arcee-ai',
  'ServiceNow-AI PrimeIntellect upstage naver-hyperclovax naver-ellm kakaocorp skt K-intelligence sarvamai ai-sage t-tech speakleash utter-project',
  'BSC-LT INSAIT-Institute TildeAI VillanovaAI Menlo janhq prism-ml deepreinforce-ai empero-ai BAAI nomic-ai jinaai JinaAI mixedbread-ai Snowflake',
  'intfloat Alibaba-NLP vikhyatk moondream OuteAI canopylabs neuphonic fixie-ai RWKV BlinkDL databricks xai-org Infinigence PowerInfer IndexTeam',
  'llm-jp black-forest-labs Wan-AI Tongyi-MAI Lightricks rednote-hilab WeiboAI Tongyi-Zhiwen meta-models Motif-Technologies badtheorylabs poolside',
  'cerebras Writer OpenCoder ContextualAI togethercomputer EleutherAI bigscience mosaicml Salesforce tiny-aya ggml-vocab microsoft-research',
].flatMap((line) => line.split(' '));

const trustedPackagers = 'unsloth bartowski mradermacher ggml-org lmstudio-community Mungert'.split(' ');
const otherEngines = 'mlx-community litert-community'.split(' ');

const packagers: readonly string[] = [
  'TheBloke QuantFactory MaziyarPanahi DevQuasar noctrex ubergarm second-state cstr mudler giladgd hugging-quants LoneStriker ngxson ai',
  'CompendiumLabs city96 leejet QuantStack calcuis legraphista dranger003 NikolayKozloff Triangle104 tensorblock RichardErkhov gabriellarson',
  'Felladrin lmstudio-ai mmnga mmnga-o AtomicChat LocalAI-io LocalAI-Community localai-org afrideva Abiray Lewdiculous LWDCLS allura-quants',
  'ArtusDev bullerwins Edge-Quant duyntnet featherless-ai-quants mlc-ai turboderp NexaAI gguf-org Jinx-org AaryanK ilintar concedo koboldcpp',
  'stduhpf tvall43 CISCai knoopx JaaackXD michaelw9999 llmware Beinsezii w-ahmad cturan yairpatch yarikdevcom qwp4w3hyb KVCache-ai Thireus',
].flatMap((line) => line.split(' '));

const tuners: readonly string[] = [
  'NousResearch cognitivecomputations dphn huihui-ai mlabonne TheDrummer DavidAU Jackrong TeichAI llmfan46 TrevorJS Goekdeniz-Guelmez soob3123',
  'anthracite-org Sao10K NeverSleep Gryphe Undi95 teknium migtissera kalomaze nbeerbower ArliAI ReadyArt LatitudeGames aquif-ai gustavecortal',
  'kai-os Tesslate FINAL-Bench prithivMLmods SicariusSicariiStuff OpenBuddy shuttleai mrm8488 Akhil-Theerthala allura-org burtenshaw',
  'sophosympatheia vectionlabs lordx64 Altworld PinkPixel HelpingAI ai9stars ai9stars OrionLLM OS-Copilot XYZAILab SpatialAxiom alamios jukofyork',
  'Dream-org Mawdistical-S1 KoboldAI openchat HuggingFaceH4 Orenguteng darkc0de DJLougen GestaltLabs ManniX-ITA OpenYourMind BeaverAI',
  'CrucibleLab PygmalionAI Nexusflow gorilla-llm Vikhrmodels IlyaGusev kurakurai acon96 ValueFX9507 Lightblue augmxnt openerotica Steelskull',
].flatMap((line) => line.split(' '));

const unknown: PublisherFacts = { kind: 'unknown', isTrusted: false, isForThisEngine: true };

/** Later lines win, so the trusted ones come last. */
const facts: ReadonlyMap<string, PublisherFacts> = new Map<string, PublisherFacts>([
  ...entries(tuners, { kind: 'tuner', isTrusted: false, isForThisEngine: true }),
  ...entries(packagers, { kind: 'packager', isTrusted: false, isForThisEngine: true }),
  ...entries(labs, { kind: 'lab', isTrusted: true, isForThisEngine: true }),
  ...entries(trustedPackagers, { kind: 'packager', isTrusted: true, isForThisEngine: true }),
  ...entries(otherEngines, { kind: 'packager', isTrusted: false, isForThisEngine: false }),
]);

/** Packagers who write the maker in front of every name: `bartowski/google_gemma-4-31B-it-GGUF`. */
const makerInFront: ReadonlySet<string> = new Set(['bartowski', 'devquasar']);

/**
 * What is known of who publishes on the hub.
 * @param name as the hub writes it, in any case
 * @returns kind `unknown` and no trust for a name that nobody here knows
 */
export function publisherFacts(name: string): PublisherFacts {
  return facts.get(name.toLowerCase()) ?? unknown;
}

/** Whether names by this publisher begin with the maker's. */
export function putsMakerInFront(publisher: string | null): boolean {
  return publisher !== null && makerInFront.has(publisher.toLowerCase());
}

function entries(names: readonly string[], value: PublisherFacts): readonly (readonly [string, PublisherFacts])[] {
  return names.map((name) => [name.toLowerCase(), value] as const);
}
