import * as z from 'zod';
import { type Attachment, ChatCall, Conversation, FinishReason, Message, NewAttachment, Timings, Usage } from '#shared/contract/chat.ts';

/** How Rightsize writes conversations to a file. */
export const archiveFormat = 'rightsize-chats';

const text = z.string().max(4_000_000);
const id = z.string().min(1).max(200);
const count = z.number().min(0).max(1e15);

/** A message without what only this database knows: ids are of the file, and are made anew when it is read. */
export const ArchivedMessage = z.object({
  id,
  parentId: id.nullable().default(null),
  role: Message.shape.role,
  text,
  reasoning: text.nullable().default(null),
  state: Message.shape.state.default('complete'),
  finishReason: FinishReason.nullable().default(null),
  error: z
    .object({ code: z.string().max(100), message: z.string().max(2000), hint: z.string().max(2000).optional() })
    .nullable()
    .default(null),
  usage: Usage.extend({ promptTokens: count, cachedTokens: count, completionTokens: count }).nullable().default(null),
  timings: Timings.nullable().default(null),
  context: z.object({ usedTokens: count, totalTokens: count, droppedMessages: count }).nullable().default(null),
  modelId: z.string().max(200).nullable().default(null),
  modelName: z.string().max(400).nullable().default(null),
  attachments: z.array(NewAttachment).max(8).default([]),
  calls: z
    .array(
      ChatCall.extend({ id, name: z.string().max(200), result: z.string().max(20_000).nullable(), at: count, tookMs: count.nullable() }),
    )
    .max(1000)
    .default([]),
  isEdited: z.boolean().default(false),
  notice: z.string().max(2000).optional(),
  createdAt: count,
});
export type ArchivedMessage = z.infer<typeof ArchivedMessage>;

export const ArchivedConversation = z.object({
  title: z.string().min(1).max(200),
  modelId: Conversation.shape.modelId,
  systemPrompt: z.string().max(100_000),
  sampling: Conversation.shape.sampling,
  shape: Conversation.shape.shape,
  createdAt: count,
  updatedAt: count,
  /** The last message of the path that is shown. */
  leafId: id.nullable().default(null),
  messages: z.array(ArchivedMessage).max(20_000),
});
export type ArchivedConversation = z.infer<typeof ArchivedConversation>;

export const ChatArchive = z.object({
  format: z.literal(archiveFormat),
  version: z.literal(1),
  conversations: z.array(z.unknown()).max(20_000),
});

/** Without bytes, which are put there by whoever reads them. */
export function archivedMessage(message: Message, attachments: readonly (Attachment & { readonly bytes: Uint8Array })[]): ArchivedMessage {
  const { conversationId: _, siblingIds: __, ...rest } = message;
  return {
    ...rest,
    error:
      message.error === null
        ? null
        : {
            code: message.error.code,
            message: message.error.message,
            ...(message.error.hint === undefined ? {} : { hint: message.error.hint }),
          },
    attachments: attachments.map(({ kind, name, mediaType, bytes }) => ({
      kind,
      name,
      mediaType,
      data: Buffer.from(bytes).toString('base64'),
    })),
  };
}
