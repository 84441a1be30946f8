import { expect, it } from 'vitest';
import { itemFromChat } from '../../../src/renderer/features/chat/itemFromChat.ts';
import { sampleMessage } from '../../fixtures/page/chatData.ts';

const messages = [
  sampleMessage('u1', 'user', 'First?'),
  sampleMessage('a1', 'assistant', ' One. '),
  sampleMessage('u2', 'user', 'Second?'),
  sampleMessage('a2', 'assistant', 'Two.'),
];

it('takes the question before an answer, the answer, and what the model was told', () => {
  expect(itemFromChat(messages, 'a1', { systemPrompt: 'Be brief.' })).toEqual({
    item: { id: '', task: 'chat', system: 'Be brief.', input: 'First?', expected: 'One.' },
    hasEarlierTurns: false,
  });
  expect(itemFromChat(messages, 'a2', undefined)).toEqual({
    item: { id: '', task: 'chat', system: null, input: 'Second?', expected: 'Two.' },
    hasEarlierTurns: true,
  });
});

it('has nothing to save of an answer that is gone, or that nobody asked for', () => {
  expect(itemFromChat(messages, 'a9', undefined)).toBeNull();
  expect(itemFromChat(messages.slice(1), 'a1', undefined)).toBeNull();
});
