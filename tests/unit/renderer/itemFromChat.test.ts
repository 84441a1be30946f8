import { expect, it } from 'vitest';
import { defaultAnswerShape } from '#shared/contract/chat.ts';
import { itemFromChat } from '../../../src/renderer/features/chat/itemFromChat.ts';
import { sampleMessage } from '../../fixtures/page/chatData.ts';

const messages = [
  sampleMessage('u1', 'user', 'First?'),
  sampleMessage('a1', 'assistant', ' One. '),
  sampleMessage('u2', 'user', 'Second?'),
  sampleMessage('a2', 'assistant', 'Two.'),
];

it('takes the question before an answer, the answer, and what the model was told', () => {
  expect(itemFromChat(messages, 'a1', { systemPrompt: 'Be brief.', shape: defaultAnswerShape })).toEqual({
    item: { id: '', task: 'chat', system: 'Be brief.', input: 'First?', expected: 'One.' },
    leftOut: null,
  });
  expect(itemFromChat(messages, 'a2', undefined)).toEqual({
    item: { id: '', task: 'chat', system: null, input: 'Second?', expected: 'Two.' },
    leftOut: expect.stringContaining('earlier messages'),
  });
});

it('carries the schema that answers are held to, but for an answer that is no JSON', () => {
  const schema = { type: 'object', properties: { mood: { type: 'string' } } };
  const held = { systemPrompt: '', shape: { ...defaultAnswerShape, schema } };
  const asked = [sampleMessage('u1', 'user', 'Mood?'), sampleMessage('a1', 'assistant', ' {"mood": "good"}\n')];
  expect(itemFromChat(asked, 'a1', held)?.item).toMatchObject({ expected: { mood: 'good' }, schema });
  expect(itemFromChat(messages, 'a1', held)?.item).toEqual({ id: '', task: 'chat', system: '', input: 'First?', expected: 'One.' });
});

it('says that files are no part of an item', () => {
  const file = { id: 'f', kind: 'image', name: 'a.png', mediaType: 'image/png', sizeBytes: 1 } as const;
  const asked = messages.map((message) => (message.id === 'u2' ? { ...message, attachments: [file] } : message));
  expect(itemFromChat(asked, 'a2', undefined)?.leftOut).toMatch(/earlier messages of this chat and the attached files are not part/);
  expect(itemFromChat(asked, 'a1', undefined)?.leftOut).toBeNull();
});

it('has nothing to save of an answer that is gone, or that nobody asked for', () => {
  expect(itemFromChat(messages, 'a9', undefined)).toBeNull();
  expect(itemFromChat(messages.slice(1), 'a1', undefined)).toBeNull();
});
