import * as z from 'zod';
import { call, stream } from '../rpc/routeTable.ts';
import {
  AnswerEvent,
  AnswerShape,
  Attachment,
  attachmentLimit,
  ChatHit,
  ChatPreset,
  ContextUse,
  Conversation,
  ConversationChange,
  importCharacters,
  Message,
  NewAttachment,
  OpenConversation,
  Sampling,
} from './chat.ts';
import { ArtifactId, LoadOptions } from './models.ts';

const nothing = z.object({});
const id = z.string().min(1).max(200);

/** Conversations, what is attached to them, and how they are answered. */
export const chatRoutes = {
  'chat.changes': stream(nothing, ConversationChange, nothing),
  'chat.create': call(z.object({ modelId: ArtifactId.nullable() }), Conversation),
  'chat.open': call(z.object({ conversationId: id }), OpenConversation),
  'chat.update': call(
    z.object({
      conversationId: id,
      title: z.string().min(1).max(200).optional(),
      modelId: ArtifactId.nullable().optional(),
      systemPrompt: z.string().max(100_000).optional(),
      sampling: Sampling.optional(),
      shape: AnswerShape.optional(),
    }),
    Conversation,
  ),
  'chat.remove': call(z.object({ conversationId: id }), nothing),
  /** Cancelling the stream stops the answer; what was written is kept. The closing value is the final message. */
  'chat.send': stream(
    z.object({ conversationId: id, text: z.string().max(2_000_000), attachments: z.array(NewAttachment).max(attachmentLimit).default([]) }),
    AnswerEvent,
    Message,
  ),
  /** Answers again, beside the answer that is there. `load`: how to load the model for it; without, it is taken as it is loaded, or as Rightsize decides. */
  'chat.regenerate': stream(z.object({ conversationId: id, messageId: id, load: LoadOptions.optional() }), AnswerEvent, Message),
  /** Asks an earlier question in other words, beside it, and answers it. Attachments are kept. */
  'chat.edit': stream(z.object({ conversationId: id, messageId: id, text: z.string().min(1).max(2_000_000) }), AnswerEvent, Message),
  /** Goes on with the last answer where it ended. */
  'chat.continue': stream(z.object({ conversationId: id, messageId: id }), AnswerEvent, Message),
  /** Changes the words of an answer, beside it. */
  'chat.editAnswer': call(z.object({ conversationId: id, messageId: id, text: z.string().min(1).max(2_000_000) }), OpenConversation),
  /** Shows the path that goes through this message, and its latest end. */
  'chat.choose': call(z.object({ conversationId: id, messageId: id }), OpenConversation),
  /** A conversation of its own with all that leads to this message. */
  'chat.branch': call(z.object({ conversationId: id, messageId: id }), Conversation),
  /** Removes a message with all that follows it. */
  'chat.removeMessage': call(z.object({ conversationId: id, messageId: id }), OpenConversation),
  /** The person's word on a call that waits: run it, run such calls from now on without asking, or refuse it. */
  'chat.decideCall': call(z.object({ conversationId: id, callId: id, decision: z.enum(['once', 'always', 'refuse']) }), nothing),
  'chat.attachment': call(z.object({ attachmentId: id }), Attachment.extend({ data: z.base64() })),
  'chat.context': call(z.object({ conversationId: id, text: z.string().max(2_000_000).default('') }), ContextUse),
  /** Whole words of titles and messages, best first. */
  'chat.search': call(
    z.object({ query: z.string().max(500), limit: z.number().int().min(1).max(200).default(50) }),
    z.object({ hits: z.array(ChatHit) }),
  ),
  /** One conversation, or all of them as JSON (null): the file's text in parts. */
  'chat.export': stream(
    z.object({ conversationId: id.nullable(), format: z.enum(['json', 'markdown']) }),
    z.object({ text: z.string() }),
    z.object({ fileName: z.string(), mediaType: z.string() }),
  ),
  'chat.import': call(
    z.object({ fileName: z.string().max(255), text: z.string().max(importCharacters) }),
    z.object({ conversations: z.array(Conversation), skipped: z.number() }),
  ),
  'chat.presets': call(nothing, z.object({ presets: z.array(ChatPreset) })),
  /** Null id: a new one. */
  'chat.savePreset': call(ChatPreset.omit({ id: true, isShipped: true }).extend({ id: id.nullable() }), ChatPreset),
  'chat.removePreset': call(z.object({ id }), nothing),
};
