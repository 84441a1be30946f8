import { describe, expect, test } from 'vitest';
import { readImageFacts } from '#main/services/chat/imageFacts.ts';
import { streamed } from '../../fixtures/endpoint/chatServer.ts';
import { ask, openChat, pngOf, sentMessages, startConversation } from './chatHarness.ts';

const image = (bytes: Buffer, name = 'shot.png') =>
  ({ kind: 'image', name, mediaType: 'image/png', data: bytes.toString('base64') }) as const;
const textFile = (text: string | Buffer, name = 'notes.txt') =>
  ({ kind: 'text', name, mediaType: 'text/plain', data: Buffer.from(text).toString('base64') }) as const;

describe('attachments', () => {
  test('go to the model: images as they are, texts in a fence that they cannot leave', async () => {
    const harness = await openChat({ plays: [streamed(['Seen'])] });
    const id = startConversation(harness);
    const png = pngOf(20, 10);
    await ask(harness.chat, id, { text: 'What is it?', attachments: [image(png), textFile('a\n```\nb\n')] });
    expect(sentMessages(harness.server, 0)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } },
          { type: 'text', text: 'notes.txt:\n````\na\n```\nb\n````\n\nWhat is it?' },
        ],
      },
    ]);
    const [question] = harness.chat.open(id).messages;
    expect(question?.attachments).toMatchObject([
      { kind: 'image', name: 'shot.png', mediaType: 'image/png', sizeBytes: png.byteLength },
      { kind: 'text', name: 'notes.txt' },
    ]);
    expect(harness.chat.attachment(question?.attachments[0]?.id ?? '').data).toBe(png.toString('base64'));
  });

  test.each([
    ['no image', [image(Buffer.from('<svg onload="alert(1)"/>'))], /no image/],
    ['more pixels than any screen has', [image(pngOf(100_000, 100_000))], /pixels/],
    ['a size of nothing', [image(pngOf(0, 10))], /no image/],
    ['a binary as a text', [textFile(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]))], /no text|not a text/],
    ['a text that is not UTF-8', [textFile(Buffer.from([0xff, 0xfe, 0x41]))], /not a text/],
    ['a text of 3 MB', [textFile('x'.repeat(3_000_000))], /larger than 2 MB/],
    [
      '21 MB together',
      [image(Buffer.concat([pngOf(2, 2), Buffer.alloc(11_000_000)])), image(Buffer.concat([pngOf(2, 2), Buffer.alloc(11_000_000)]))],
      /20 MB/,
    ],
  ])('that are %s are refused before anything is written', async (_what, attachments, words) => {
    const harness = await openChat();
    const id = startConversation(harness);
    await expect(ask(harness.chat, id, { text: 'Look', attachments })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(words),
      hint: expect.any(String),
    });
    expect(harness.chat.open(id).messages).toEqual([]);
    expect(harness.server.asked).toEqual([]);
  });

  test('without a word make a question, and a title out of their name', async () => {
    const harness = await openChat();
    const id = startConversation(harness);
    await ask(harness.chat, id, { text: '', attachments: [textFile('Hello')] });
    expect(harness.chat.open(id).conversation.title).toBe('notes.txt');
    await expect(ask(harness.chat, id, ' ')).rejects.toMatchObject({ code: 'bad-input' });
  });
});

test.each([
  ['GIF', Buffer.from('4749463839610a001400', 'hex'), { mediaType: 'image/gif', width: 10, height: 20 }],
  [
    'JPEG',
    Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0001108001400200301220002110103110100', 'hex'),
    { mediaType: 'image/jpeg', width: 32, height: 20 },
  ],
  [
    'WebP',
    Buffer.from('524946461a000000574542505650384c0d0000002f1f8004001000000000', 'hex'),
    { mediaType: 'image/webp', width: 32, height: 19 },
  ],
  ['a cut PNG', pngOf(3, 3).subarray(0, 20), null],
  ['a JPEG whose segments lead nowhere', Buffer.from('ffd8ffe00000', 'hex'), null],
  ['a JPEG with a segment of no length', Buffer.from(`ffd8${'ffe00000'.repeat(10)}`, 'hex'), null],
])('the size of %s is read from its header', (_name, bytes, facts) => {
  expect(readImageFacts(bytes)).toEqual(facts);
});
