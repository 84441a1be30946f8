import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { ModelService } from '#main/services/models/modelService.ts';
import { noteAnswer } from '#main/services/models/noteAnswer.ts';
import type { Sampling, Thinking } from '#shared/contract/chat.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { ChatTurn, GenerateRequest, GenerateResult, TokenLogprob, ToolSpec } from '#shared/contract/runner.ts';
import { currentCall } from './apiCall.ts';
import { problemOf } from './apiErrors.ts';
import { screenCalls } from './screenCalls.ts';

/** A question in the words of no dialect. */
export interface ApiQuestion {
  readonly model: Artifact;
  readonly turns: readonly ChatTurn[];
  readonly sampling: Sampling;
  readonly schema: { readonly [key: string]: unknown } | null;
  readonly tools: readonly ToolSpec[];
  /** A prompt that goes through no template; `turns` is empty then. */
  readonly raw?: string;
  readonly toolChoice?: NonNullable<GenerateRequest['toolChoice']>;
  readonly thinking?: Thinking;
  /** After so many tokens of reasoning it is closed; left out: as long as the model likes. */
  readonly thinkingTokens?: number;
  /** What is added to the logits of tokens, by their numbers in the model's vocabulary. */
  readonly logitBias?: readonly (readonly [token: number, bias: number])[];
  /** How many likely tokens are told beside each. */
  readonly logprobs?: number;
  /** A conversation longer than the context: an error unless its oldest messages may be left out. */
  readonly overflow?: GenerateRequest['overflow'];
  /** The last turn is an answer's beginning, and what comes back goes on where it ends. */
  readonly continues?: boolean;
  /** How long after this the model stays loaded; null = for ever, left out: as it is set. */
  readonly keepAliveMs?: number | null;
  /** Context that the model should have at least, as far as memory and model allow. */
  readonly contextTokens?: number;
}

export interface ApiPiece {
  readonly text: string;
  readonly reasoning: string;
  readonly logprobs?: readonly TokenLogprob[] | undefined;
}

export interface ApiNeeds {
  readonly library: Pick<LibraryService, 'list'> & Partial<Pick<LibraryService, 'inspect'>>;
  readonly models: Pick<ModelService, 'acquire' | 'loaded'>;
  readonly now: () => number;
  /** Of this machine, for a choice between quants; as the system says unless told. */
  readonly memoryBytes?: () => number;
}

/**
 * Answers with the model, which is loaded when it is not. A prefix that the runner has already is kept.
 * @param asking.signal ends it with what there is; set when the client hangs up
 * @throws {RpcError} of the model codes
 */
export async function answerQuestion(
  question: ApiQuestion,
  asking: { readonly signal: AbortSignal; readonly onPiece: (piece: ApiPiece) => void },
  needs: Pick<ApiNeeds, 'models'>,
): Promise<GenerateResult> {
  const runner = await needs.models.acquire(question.model.id, {
    signal: asking.signal,
    holder: 'api',
    sees: question.turns.some(({ images }) => (images?.length ?? 0) > 0),
    ...(question.keepAliveMs === undefined ? {} : { keepAliveMs: question.keepAliveMs }),
    ...(question.contextTokens === undefined ? {} : { wishedContextTokens: question.contextTokens }),
  });
  const screen = question.tools.length === 0 ? null : screenCalls(asking.onPiece);
  const onPiece = screen?.push ?? asking.onPiece;
  try {
    const result = await runner.generation.generate(
      {
        turns: [...question.turns],
        sampling: question.sampling,
        schema: question.schema === null ? null : { ...question.schema },
        prefix: 'reuse',
        overflow: question.overflow ?? 'fail',
        ...(question.tools.length === 0 ? {} : { tools: [...question.tools] }),
        ...(question.continues === true ? { continues: true } : {}),
        ...(question.raw === undefined ? {} : { raw: question.raw }),
        ...(question.toolChoice === undefined ? {} : { toolChoice: question.toolChoice }),
        ...(question.thinking === undefined ? {} : { thinking: question.thinking }),
        ...(question.thinkingTokens === undefined ? {} : { thinkingTokens: question.thinkingTokens }),
        ...(question.logitBias === undefined ? {} : { logitBias: question.logitBias.map(([token, bias]) => [token, bias]) }),
        ...(question.logprobs === undefined ? {} : { logprobs: question.logprobs }),
      },
      {
        signal: asking.signal,
        onItem: (item) => {
          if (item.kind !== 'tokens') return;
          if (item.text !== '' || item.reasoning !== '' || (item.logprobs?.length ?? 0) > 0) onPiece(item);
        },
      },
    );
    screen?.finish(result);
    if (question.schema === null) noteAnswer(runner, result);
    return { ...result, timings: { ...result.timings, loadMs: runner.isFresh ? runner.load.loadMs : null } };
  } catch (error) {
    const explained = runner.explained(error);
    // Said here too: once a stream has begun, its dialect says it within the stream.
    currentCall()?.failed(problemOf(explained).message);
    throw explained;
  } finally {
    runner.release();
  }
}
