/** How a model is sampled and loaded, in the units of the engine. Null = left to the program that runs it. */
export interface HandOverSettings {
  /** Of one conversation. */
  readonly contextTokens: number | null;
  readonly parallel: number;
  readonly kvType: string | null;
  readonly flashAttention: boolean | null;
  /** Output layer counted; `all` where every layer fits. */
  readonly gpuLayers: number | 'all' | null;
  readonly threads: number | null;
  readonly sampling: {
    readonly temperature: number;
    readonly topP: number | null;
    readonly topK: number | null;
    readonly minP: number | null;
    readonly repeatPenalty: number | null;
  };
}

/** What is known of a model that is to run somewhere else. Every text is as foreign as the file it was read from. */
export interface HandOverFacts {
  readonly name: string;
  readonly quant: string | null;
  /** All files in order, the first is the one that is opened. Absolute. */
  readonly files: readonly string[];
  readonly projector: string | null;
  /** Where the same file can be had from; null where it is not known. */
  readonly hub: { readonly repo: string; readonly file: string } | null;
  /** What Ollama calls it on this machine. */
  readonly ollamaName: string | null;
  /** Repo of the weights that it was quantised from. */
  readonly originalRepo: string | null;
  readonly parameters: number | null;
  readonly hasChatTemplate: boolean;
  readonly settings: HandOverSettings;
}

/** A ready way to run a model somewhere else. */
export interface HandOverDraft {
  readonly target: 'llama-server' | 'systemd' | 'compose' | 'ollama' | 'vllm';
  readonly title: string;
  readonly command: string;
  readonly files: { readonly name: string; readonly text: string }[];
  readonly notes: string[];
  readonly problem: string | null;
}
