import { chatErrors } from '#shared/contract/chat.ts';
import type { ChatTurn, CountRequest, GenerateRequest } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { PromptTemplate } from './promptTemplate.ts';
import { type AnswerStart, answerStart } from './reasoningSplit.ts';

/** A prompt, and how it leaves the model. */
export interface AskedPrompt {
  readonly text: string;
  readonly start: AnswerStart;
  /** The model goes on in the middle of an answer. */
  readonly isResumed: boolean;
}

/**
 * The prompt of a request. One that continues is asked up to its last answer, and what is there of that is put behind it: every template says how an
 * answer begins, hardly one how one goes on, and so the prompt begins like the one that the answer was made from.
 * @param turns those of the request's that are kept
 * @param template source of the chat template, which shows how the family marks its reasoning; null where there is none
 * @throws {RpcError} bad-input, chat-template-failed, tools-unsupported
 */
export async function askedPrompt(
  request: GenerateRequest,
  turns: readonly ChatTurn[],
  { template, source }: { readonly template: PromptTemplate; readonly source: string | null },
): Promise<AskedPrompt> {
  if (request.raw !== undefined) return { text: request.raw, start: { marks: null, state: 'free' }, isResumed: false };
  const begun = request.continues === true ? turns.at(-1) : undefined;
  if (begun === undefined) {
    const text = await renderQuestion(request, turns, template);
    return { text, start: answerStart(text, source), isResumed: false };
  }
  if (begun.role !== 'assistant' || (begun.toolCalls?.length ?? 0) > 0) {
    throw new RpcError(pipeErrors.badInput, 'Only an answer can be continued, and only one that did not call a tool.');
  }
  const text = await renderQuestion(request, turns.slice(0, -1), template);
  return resumed(text, begun, answerStart(text, source));
}

function resumed(text: string, { content, reasoning = '' }: ChatTurn, start: AnswerStart): AskedPrompt {
  const { marks, state } = start;
  if (content === '' && reasoning === '') return { text, start, isResumed: false };
  if (marks === null || state === 'answer') return { text: text + content, start: { marks, state: 'answer' }, isResumed: true };
  const opened = state === 'reasoning' ? text : `${text}${marks.open}${marks.gap}`;
  // It was cut while it thought: it goes on thinking.
  if (content === '') return { text: opened + reasoning, start: { marks, state: 'reasoning' }, isResumed: true };
  const isThoughtAbout = reasoning !== '' || state === 'reasoning';
  const before = isThoughtAbout ? `${opened}${reasoning}${marks.gap}${marks.close}${marks.gap}${marks.gap}` : `${text}${marks.answer}`;
  return { text: before + content, start: { marks, state: 'answer' }, isResumed: true };
}

/** The prompt of a request that is no continuation: through the template, or as it is. @throws {RpcError} chat-template-failed, tools-unsupported, images-unsupported */
export async function renderQuestion(
  request: Pick<CountRequest, 'raw' | 'tools' | 'thinking'>,
  turns: readonly ChatTurn[],
  template: PromptTemplate,
): Promise<string> {
  refuseImages(turns);
  return request.raw ?? template.render({ turns, tools: request.tools ?? [], thinking: request.thinking ?? 'default' });
}

function refuseImages(turns: readonly ChatTurn[]): void {
  if (turns.every(({ images }) => images === undefined || images.length === 0)) return;
  throw new RpcError(chatErrors.noVision, 'This model cannot see images: it is loaded without a projector.', {
    hint: 'Take the image out, or choose a model that can see.',
  });
}
