import { codeToRun, needsPython } from '#core/bench/codeToRun.ts';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import type { CodeExecution } from '#core/bench/gradedItem.ts';
import type { Grade, LabelledItem } from '#core/bench/labelledItem.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import { answerWithTools, ToolBreakdown, type WorkedAnswer } from '#main/services/tools/answerWithTools.ts';
import type { ToolboxMaker } from '#main/services/tools/toolbox.ts';
import { benchmarkErrors, type RunPlan } from '#shared/contract/benchmarks.ts';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import { endpointErrors, readEndpointModelId } from '#shared/contract/endpoints.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { Answerer } from './answerer.ts';
import { type AnswerOutcome, limited, notRun, outOfTime, shown, timeReason } from './answerOutcome.ts';
import { hasTools } from './expectedGaps.ts';
import { gradingTools } from './gradingTools.ts';
import { startTimeLimit, type TimeLimit } from './timeLimit.ts';

/** What an answer may need beside the model. */
export interface AnswerAids {
  readonly makeToolbox: ToolboxMaker;
  readonly sandbox: PythonSandbox;
}

/** At temperature 0 nothing is sampled, so nothing may be cut off; no hidden repeat penalty in a scored run. */
export function scoredSampling(options: { readonly temperature: number; readonly seed: number; readonly maxTokens: number }): Sampling {
  const isGreedy = options.temperature === 0;
  return {
    ...defaultSampling,
    ...(isGreedy ? { topP: null, topK: null, minP: null } : {}),
    repeatPenalty: null,
    temperature: options.temperature,
    seed: options.seed,
    maxTokens: options.maxTokens,
  };
}

/** A question of a run: an item with how it is to be asked. */
export interface Question {
  readonly item: LabelledItem;
  readonly plan: Pick<RunPlan, 'maxTokens' | 'constrained' | 'thinking' | 'turns' | 'answerSeconds'>;
  readonly temperature: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onText?: ((text: string) => void) | undefined;
}

/**
 * Asks one labelled item and grades the answer. The item's own system prompt is sent, or none; a prefix is kept in whole
 * chunks only, so that the same question is computed the same way whatever was asked before. Where the item offers tools the model has its turns with them.
 * What cannot be asked or graded here (no sandbox, a template without tools) is skipped with the reason and says nothing of the model; an answer that
 * runs into a limit of time or turns has failed, unless a server gave nothing at all in that time.
 * @returns null when it was aborted.
 * @throws {RpcError} whatever the runner throws.
 */
export async function askItem(answerer: Answerer, question: Question, aids: AnswerAids): Promise<AnswerOutcome | null> {
  const { item, plan, signal } = question;
  const obstacle = await findObstacle(item, { answerer, aids });
  if (obstacle !== null) return notRun(obstacle);

  using timeLimit = startTimeLimit(plan.answerSeconds * 1000);
  const isTimeUp = (): boolean => timeLimit.signal.aborted;
  const listening = listenTo(answerer, timeLimit);
  const worked = await answer(listening.answerer, question, { aids, signal: AbortSignal.any([signal, timeLimit.signal]) });
  if (signal.aborted || worked === null) return signal.aborted || !isTimeUp() ? null : afterTheTime(listening, question);
  if (worked instanceof RpcError) return notRun(worked);
  if (worked.end === 'cancelled') return isTimeUp() ? limited(item, worked, timeReason(plan)) : null;
  if (worked.end === 'turn-limit') return limited(item, worked, `No answer after ${worked.turns} turns with tools, the limit of the run.`);
  return grade(item, worked, { sandbox: aids.sandbox, signal });
}

interface Listening {
  readonly answerer: Answerer;
  /** Whether anything of the answer that is being made has come. */
  readonly hasHeard: boolean;
}

/** Hears whether an answer has begun, and lets the limit stand still while a request waits to be sent: neither is the model's doing. */
function listenTo(answerer: Answerer, timeLimit: TimeLimit): Listening {
  let hasHeard = false;
  return {
    get hasHeard() {
      return hasHeard;
    },
    answerer: {
      ...answerer,
      generate: (request, asking) => {
        hasHeard = false;
        return answerer.generate(request, {
          ...asking,
          onItem: (event) => {
            hasHeard = true;
            asking.onItem?.(event);
          },
          onWaiting: timeLimit.hold,
        });
      },
    },
  };
}

/** Whoever was asked gave nothing back before the time was up. A server that sent nothing has stalled, which says nothing of its model. */
function afterTheTime({ answerer, hasHeard }: Listening, { item, plan }: Question): AnswerOutcome {
  if (hasHeard || readEndpointModelId(answerer.modelId) === null) return outOfTime(item, plan);
  return notRun(
    new RpcError(endpointErrors.stalled, `The server sent nothing of an answer for ${plan.answerSeconds} s, the limit of the run.`, {
      hint: 'It may be busy or loading the model. Look at the server, or start a run with more time for an answer.',
    }),
  );
}

/** Why an item cannot be asked here; null where nothing is in the way. */
async function findObstacle(
  item: LabelledItem,
  { answerer, aids }: { readonly answerer: Answerer; readonly aids: AnswerAids },
): Promise<RpcError | null> {
  if (hasTools(item) && !answerer.knowsTools) {
    return new RpcError(benchmarkErrors.toolsUnsupported, 'The chat template of this model tells it of no tools, so this was not asked.', {
      hint: 'Take a model that was trained to call tools.',
    });
  }
  if (!needsPython(item)) return null;
  const sandbox = await aids.sandbox.availability();
  return sandbox.isAvailable ? null : new RpcError(benchmarkErrors.sandboxMissing, sandbox.reason, { hint: sandbox.hint });
}

/** @returns null when it was cut short before there was anything, an error when the tools broke. */
async function answer(
  answerer: Answerer,
  { item, plan, temperature, seed, onText }: Question,
  { aids, signal }: { readonly aids: AnswerAids; readonly signal: AbortSignal },
): Promise<WorkedAnswer | RpcError | null> {
  const turns: ChatTurn[] = [{ role: 'user', content: item.input }];
  if (item.system !== null) turns.unshift({ role: 'system', content: item.system });
  try {
    return await answerWithTools({
      generate: answerer.generate,
      request: {
        turns,
        sampling: scoredSampling({ temperature, seed, maxTokens: plan.maxTokens }),
        schema: plan.constrained ? item.schema : null,
        prefix: 'fixed',
        overflow: 'fail',
        ...(plan.thinking === 'default' ? {} : { thinking: plan.thinking }),
      },
      toolbox: aids.makeToolbox({ tools: item.tools ?? [], fixtures: item.fixtures ?? [], faults: item.faults ?? [] }),
      turnLimit: plan.turns,
      signal,
      onItem: (event) => {
        if (event.kind === 'tokens') onText?.(event.text);
      },
    });
  } catch (error) {
    if (error instanceof ToolBreakdown) return asBreakdown(error.cause);
    if (signal.aborted && error instanceof RpcError) return null;
    if (error instanceof RpcError && error.code === benchmarkErrors.toolsUnsupported) return error;
    if (error instanceof RpcError && error.code === modelErrors.contextFull && asksAtDepth(item)) return tooDeep(error);
    throw error;
  }
}

const asksAtDepth = (item: LabelledItem): boolean => item.tags.some((tag) => tag.startsWith('depth:'));

/** Where depth is what is asked about, a text beyond the context was not asked: the room is the load's, and says nothing of coherence. */
function tooDeep(error: RpcError): RpcError {
  return new RpcError(modelErrors.contextFull, 'This text is longer than the context of the run, so it was not asked.', {
    // The numbers differ by item; the reason is counted over all of them.
    hint: `${error.message} Start a run with a larger context to ask at this depth.`,
    cause: error,
  });
}

async function grade(
  item: LabelledItem,
  worked: WorkedAnswer,
  { sandbox, signal }: { readonly sandbox: PythonSandbox; readonly signal: AbortSignal },
): Promise<AnswerOutcome | null> {
  const { text, finishReason, usage, toolProblem } = worked.answer;
  const job = codeToRun(item, { text, calls: worked.calls });
  let execution: CodeExecution | null = null;
  try {
    execution = job === null ? null : job.read(await sandbox.run(job.code, { signal }));
  } catch (error) {
    return signal.aborted ? null : notRun(asBreakdown(error), worked);
  }
  let graded: Grade;
  try {
    graded = gradeAnswer(item, { text, calls: worked.calls, execution }, gradingTools);
  } catch (error) {
    return notRun(asUngradable(error), worked);
  }
  // An answer that was cut off was not given, whatever its beginning says.
  const isCut = finishReason === 'length' || finishReason === 'context-full';
  const length = usage === null ? '' : ` after ${usage.completionTokens} tokens`;
  const reasons = [isCut ? `Cut off${length}.` : '', toolProblem ?? '', graded.reason].filter((reason) => reason !== '');
  const passed = graded.passed && !isCut;
  // What only a judge can tell counts neither way until one has.
  const isOpen = graded.grader === 'rubric' && !isCut && text.trim() !== '';
  return {
    ...shown(worked),
    state: isOpen ? 'measured' : passed ? 'passed' : 'failed',
    passed: isOpen ? null : passed,
    grade: {
      grader: graded.grader,
      reason: reasons.join(' '),
      format: graded.format,
      fields: graded.fields === null ? null : graded.fields.map((field) => ({ ...field })),
      ...(graded.tools === undefined ? {} : { tools: graded.tools }),
    },
    error: null,
  };
}

function asBreakdown(cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  const detail = cause instanceof Error ? cause.message.slice(0, 200) : '';
  return new RpcError(
    benchmarkErrors.sandboxMissing,
    `The tools of this item broke while they were in use: ${detail || 'no reason is known'}.`,
    {
      hint: 'The rest of the run goes on. Run it again to ask this item too.',
      cause,
    },
  );
}

function asUngradable(cause: unknown): RpcError {
  const detail = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
  return new RpcError(benchmarkErrors.datasetInvalid, `The answer cannot be graded: ${detail}`, {
    hint: 'The answer is kept. Look at the grader of this item.',
    cause,
  });
}
