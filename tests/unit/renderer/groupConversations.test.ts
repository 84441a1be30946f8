import { expect, test } from 'vitest';
import { type Conversation, defaultAnswerShape, defaultSampling } from '#shared/contract/chat.ts';
import { groupConversations } from '../../../src/renderer/features/chat/groupConversations.ts';

const now = new Date(2026, 10, 21, 9, 30).getTime();
function at(title: string, ...when: [number, number, number, number]): Conversation {
  const updatedAt = new Date(...when).getTime();
  return {
    id: title,
    title,
    modelId: null,
    systemPrompt: '',
    sampling: defaultSampling,
    shape: defaultAnswerShape,
    createdAt: updatedAt,
    updatedAt,
  };
}
const all = [
  at('Morning', 2026, 10, 21, 8),
  at('Late last night', 2026, 10, 20, 23),
  at('Six days ago', 2026, 10, 15, 12),
  at('In spring', 2026, 3, 2, 12),
  at('Another year', 2025, 3, 2, 12),
];

test('groups by calendar days, not by 24 hours', () => {
  const groups = groupConversations(all, { now });
  expect(groups.map((group) => [group.heading, group.conversations.map((one) => one.title)])).toEqual([
    ['Today', ['Morning']],
    ['Yesterday', ['Late last night']],
    ['Last week', ['Six days ago']],
    ['April', ['In spring']],
    ['April 2025', ['Another year']],
  ]);
});
