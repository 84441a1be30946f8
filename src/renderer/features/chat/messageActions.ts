import { formatCount } from '#core/units.ts';
import { chatErrors } from '#shared/contract/chat.ts';
import { type LoadOptions, modelErrors, type NextLoad, nextLoadIn } from '#shared/contract/models.ts';
import { pipeErrors } from '#shared/rpc/rpcError.ts';

/** What went wrong, as a message stores it or as a call fails with it. */
export interface ChatProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly next?: NextLoad | undefined;
  readonly data?: unknown;
}

/** What can be done about it, with the words of its button. */
export type MessageAction =
  | { readonly kind: 'retry' | 'chooseModel' | 'unblock' | 'newChat'; readonly words: string }
  | { readonly kind: 'load'; readonly words: string; readonly options: Partial<LoadOptions> };

const otherModelCodes: ReadonlySet<string> = new Set([
  modelErrors.notFound,
  modelErrors.notGguf,
  modelErrors.truncated,
  modelErrors.invalid,
  modelErrors.unsupportedVersion,
  modelErrors.unsupportedArchitecture,
  modelErrors.shardMissing,
  modelErrors.fileMissing,
  modelErrors.fileChanged,
  modelErrors.template,
  chatErrors.noModel,
]);

const retry: MessageAction = { kind: 'retry', words: 'Try again' };
const chooseModel: MessageAction = { kind: 'chooseModel', words: 'Choose another model' };
const usualContextTokens = 2048;

/**
 * The buttons under a failed answer or load, the one most likely to help first. Where memory ran out that is the next way to load, as the
 * service that has planned the load offers it.
 * @param contextTokens of the last load, or what would be asked for; null when unknown
 */
export function messageActions(problem: ChatProblem, contextTokens: number | null): readonly MessageAction[] {
  const next = problem.next ?? nextLoadIn(problem.data);
  if (problem.code === pipeErrors.cancelled) return [retry];
  if (problem.code === modelErrors.runnerBlocked) return [{ kind: 'unblock', words: 'Allow another try' }, chooseModel];
  if (problem.code === modelErrors.contextFull) {
    const larger = next?.options.contextTokens ?? (contextTokens ?? usualContextTokens) * 2;
    return [
      { kind: 'load', words: `Load with ${formatCount(larger)} context`, options: { contextTokens: larger } },
      { kind: 'newChat', words: 'New chat' },
    ];
  }
  if (next !== null) return [{ kind: 'load', words: next.words, options: next.options }, retry, chooseModel];
  // Nothing smaller is left to try with this model.
  if (problem.code === modelErrors.outOfMemory || otherModelCodes.has(problem.code)) return [chooseModel, retry];
  return [retry, chooseModel];
}
