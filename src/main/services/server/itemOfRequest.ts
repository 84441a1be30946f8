import { readJson } from '#core/bench/jsonValue.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import type { RequestDetail } from '#shared/contract/server.ts';
import { readKeptQuestion } from './readKeptQuestion.ts';

/**
 * A kept request as a labelled item, for a person to look at: the last question with what was said before it, and the answer as what is expected.
 * @throws {RpcError} request-body-not-kept
 */
export async function itemOfRequest(kept: RequestDetail): Promise<DatasetItem> {
  const { turns, raw, schema } = await readKeptQuestion(kept);
  const system = turns.filter((turn) => turn.role === 'system').map((turn) => turn.content);
  const said = turns.filter((turn) => turn.role !== 'system');
  const answer = kept.answer?.trim() ?? '';
  const value = schema === null ? null : readJson(answer);
  return {
    id: `request-${kept.request.id.slice(0, 8)}`,
    task: 'api',
    system: system.length === 0 ? null : system.join('\n\n'),
    input: raw ?? inputOf(said),
    expected: value?.ok === true ? (value.value as DatasetItem['expected']) : answer,
    ...(schema === null ? {} : { schema: schema as NonNullable<DatasetItem['schema']> }),
    tags: ['api'],
  };
}

const names: Readonly<Record<ChatTurn['role'], string>> = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' };

/** An item has one input: a conversation before the question stands above it. */
function inputOf(said: readonly ChatTurn[]): string {
  const last = said.findLastIndex((turn) => turn.role === 'user');
  const before = said.slice(0, Math.max(0, last)).filter((turn) => turn.content !== '');
  const question = said[last]?.content ?? said.at(-1)?.content ?? '';
  if (before.length === 0) return question;
  return `The conversation so far:\n\n${before.map((turn) => `${names[turn.role]}: ${turn.content}`).join('\n\n')}\n\nNow answer this:\n\n${question}`;
}
