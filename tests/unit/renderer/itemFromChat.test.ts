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
    input: 'First?',
    expected: 'One.',
    system: 'Be brief.',
    hasEarlierTurns: false,
  });
  expect(itemFromChat(messages, 'a2', undefined)).toEqual({ input: 'Second?', expected: 'Two.', system: '', hasEarlierTurns: true });
});

it('has nothing to save of an answer that is gone, or that nobody asked for', () => {
  expect(itemFromChat(messages, 'a9', undefined)).toBeNull();
  expect(itemFromChat(messages.slice(1), 'a1', undefined)).toBeNull();
});
