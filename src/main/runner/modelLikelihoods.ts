import type { Llama, LlamaContext, LlamaModel, Token } from 'node-llama-cpp';

/** What of the library's own engine is used here, which it has no public way to; a test watches that it is there. */
interface SampledContext {
  readonly _ctx: {
    sampleToken(
      logitIndex: number,
      sampler: unknown,
      probabilities?: boolean,
      confidence?: boolean,
      logits?: readonly [tokens: readonly Token[], max: boolean, min: boolean, selected: boolean, top: number],
      totalWeight?: boolean,
    ): Promise<Token | Told>;
  };
}
type Pairs = readonly number[];
type Told = readonly [token: Token, probabilities?: Pairs, confidence?: number, logits?: Pairs, totalWeight?: number];
interface SamplerBindings {
  readonly _bindings: { readonly AddonSampler: new (model: unknown) => { applyConfig(config: { readonly temperature: number }): void } };
}

/** As many as a client may ask for. */
const told = 20;
const noToken = -1;

/**
 * Lets a context tell likelihoods as the model gives them. The library tells those that the sampling options have left, where most tokens of a small
 * `top_p` have none at all; clients of other servers know the model's own, whatever is sampled. The token is drawn as ever; then its logits are read by a
 * sampler without options.
 */
export function tellModelLikelihoods({
  llama,
  model,
  context,
}: {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
}): void {
  const { _ctx: engine } = context as unknown as SampledContext;
  const { AddonSampler } = (llama as unknown as SamplerBindings)._bindings;
  const sample = engine.sampleToken.bind(engine);
  let plain: unknown = null;
  /** A sampler serves one at a time. */
  let reading: Promise<unknown> = Promise.resolve();

  function read(logitIndex: number, token: Token): Promise<Told> {
    if (plain === null) {
      const made = new AddonSampler((model as unknown as { readonly _model: unknown })._model);
      made.applyConfig({ temperature: 0 });
      plain = made;
    }
    const made = reading.then(() => sample(logitIndex, plain, false, false, [[token], false, false, false, told], true) as Promise<Told>);
    reading = made.catch(() => undefined);
    return made;
  }

  async function tell(logitIndex: number, sampler: unknown): Promise<Told> {
    const token = (await sample(logitIndex, sampler)) as Token;
    if (token === noToken) return [token];
    const [, , , logits = [], totalWeight = 1] = await read(logitIndex, token);
    return [token, probabilitiesOf(logits, totalWeight)];
  }
  const sampleToken: typeof engine.sampleToken = (logitIndex, sampler, probabilities, ...rest) =>
    probabilities === true ? tell(logitIndex, sampler) : sample(logitIndex, sampler, probabilities, ...rest);
  // The engine's methods cannot be assigned to.
  Object.defineProperty(engine, 'sampleToken', { value: sampleToken });
}

/** @param logits tokens and their logits by turns, the greatest first; the total weight is counted from that one */
function probabilitiesOf(logits: Pairs, totalWeight: number): Pairs {
  const greatest = logits[1] ?? 0;
  return logits.map((value, at) => (at % 2 === 0 ? value : Math.exp(value - greatest) / totalWeight));
}
