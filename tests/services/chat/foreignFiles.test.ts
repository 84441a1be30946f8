import { expect, test } from 'vitest';
import { ChatTurn } from '#shared/contract/runner.ts';
import { refused, streamed } from '../../fixtures/endpoint/chatServer.ts';
import { ask, listener, openChat, pngOf, sentMessages, startConversation } from './chatHarness.ts';

const imported = async (value: unknown) => {
  const { chat } = await openChat();
  const { conversations } = await chat.import({ fileName: 'chats.json', text: JSON.stringify(value) });
  return chat.open(conversations[0]?.id ?? '').messages;
};

test('a picture in a file that is none costs no message, and nothing of what follows it', async () => {
  const pictureOf = (data: string) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } });
  const content = [{ type: 'text', text: 'Look' }, pictureOf('not base64!'), pictureOf(pngOf(2, 2).toString('base64'))];
  const messages = await imported([
    { role: 'user', content },
    { role: 'assistant', content: 'I see' },
  ]);
  expect(messages.map(({ text }) => text)).toEqual(['Look', 'I see']);
  expect(messages[0]?.attachments).toHaveLength(1);
});

test.each([
  ['seconds', 1_700_000_000, 1_700_000_000_000],
  ['milliseconds', 1_700_000_000_000, 1_700_000_000_000],
  ['microseconds', 1_700_000_000_000_000, 1_700_000_000_000],
  ['nanoseconds', 1_700_000_000_000_000_000, 1_700_000_000_000],
])('a time in %s is read as one, and costs no message', async (_name, at, expected) => {
  const [message] = await imported([{ role: 'user', content: 'Hi', created_at: at }]);
  expect(message).toMatchObject({ text: 'Hi', createdAt: expected });
});

test('pictures of many questions that were never answered are all shown with the next one', async () => {
  const harness = await openChat({ plays: [refused(400, 'no'), refused(400, 'no'), refused(400, 'no'), streamed(['Yes'])] });
  const id = startConversation(harness);
  const data = pngOf(2, 2).toString('base64');
  const attachments = Array.from({ length: 8 }, (_, index) => ({
    kind: 'image' as const,
    name: `${index}.png`,
    mediaType: 'image/png',
    data,
  }));
  for (const text of ['One', 'Two', 'Three']) await ask(harness.chat, id, { text, attachments });
  expect(sentMessages(harness.server, 2)[0]?.content).toHaveLength(25);
  // A runner is asked with them too, and says by itself how many it takes.
  const images = Array.from({ length: 24 }, () => ({ mediaType: 'image/png', data }));
  expect(ChatTurn.safeParse({ role: 'user', content: 'One\n\nTwo\n\nThree', images })).toMatchObject({ success: true });
});

test('an answer to a question that fails before its first word leaves the one that is there', async () => {
  const harness = await openChat({ plays: [streamed(['Yes']), refused(400, 'no')] });
  const { chat } = harness;
  const id = startConversation(harness);
  const answer = await ask(chat, id, 'Well?');
  const again = chat.regenerate(id, { messageId: answer.parentId ?? '' }, listener());
  await expect(again).rejects.toMatchObject({ code: 'endpoint-refused' });
  expect(chat.open(id).messages.map(({ text }) => text)).toEqual(['Well?', 'Yes']);
});
