import type {
  AnswerEvent,
  AnswerShape,
  Attachment,
  ChatHit,
  ChatPreset,
  ContextUse,
  Conversation,
  ConversationChange,
  Message,
  NewAttachment,
  OpenConversation,
  Sampling,
} from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import type { CallDecision } from './callDecisions.ts';
import type { ExportedFile, ExportWish } from './exportChats.ts';

export interface ConversationPatch {
  readonly title?: string | undefined;
  readonly modelId?: string | null | undefined;
  readonly systemPrompt?: string | undefined;
  readonly sampling?: Sampling | undefined;
  readonly shape?: AnswerShape | undefined;
}

export interface AnswerOptions {
  readonly signal: AbortSignal;
  emit(event: AnswerEvent): void;
}

export interface SentMessage {
  readonly text: string;
  readonly attachments?: readonly NewAttachment[];
}

export interface RegenerateWish {
  readonly messageId: string;
  /** How to load the model for it; left out: as it is loaded, or as Rightsize decides. */
  readonly load?: LoadOptions | undefined;
}

/** Conversations with models of this disk and behind endpoints, kept in the database as trees of messages. */
export interface ChatService {
  /** Last touched first. */
  list(): Conversation[];
  /** @throws {RpcError} model-not-found */
  create(modelId: string | null): Conversation;
  /** The path that is shown. @throws {RpcError} conversation-not-found */
  open(conversationId: string): OpenConversation;
  /** @throws {RpcError} conversation-not-found, model-not-found, schema-invalid */
  update(conversationId: string, patch: ConversationPatch): Conversation;
  /** Stops the answer that is being made and deletes everything. @throws {RpcError} conversation-not-found */
  remove(conversationId: string): Promise<void>;
  /**
   * Adds a message and answers it. Aborting the signal stops the answer and keeps what was written.
   * @returns the final message; a model that fails is a message in state `failed`.
   * @throws {RpcError} conversation-not-found, conversation-busy, no-model-chosen, model-not-found, endpoint-not-found, schema-invalid,
   * images-unsupported, bad-input: then nothing was written
   */
  send(conversationId: string, sent: SentMessage, options: AnswerOptions): Promise<Message>;
  /** Asks a question in other words, beside it, and answers it. @throws {RpcError} as `send`; message-not-found for what is no question */
  edit(conversationId: string, wish: { readonly messageId: string; readonly text: string }, options: AnswerOptions): Promise<Message>;
  /**
   * Answers again, beside the answer that is there, or answers a question that has none. What comes to nothing takes no place.
   * @throws {RpcError} as `send`; why there is no new answer where there was one before
   */
  regenerate(conversationId: string, wish: RegenerateWish, options: AnswerOptions): Promise<Message>;
  /** Goes on with the last answer where it ended. @throws {RpcError} as `send`; message-not-found for what is not the last answer */
  continue(conversationId: string, wish: { readonly messageId: string }, options: AnswerOptions): Promise<Message>;
  /** Changes the words of an answer, beside it. @throws {RpcError} message-not-found, conversation-busy */
  editAnswer(conversationId: string, wish: { readonly messageId: string; readonly text: string }): OpenConversation;
  /** Shows the path through this message to its latest end. @throws {RpcError} message-not-found, conversation-busy */
  choose(conversationId: string, messageId: string): OpenConversation;
  /** A conversation of its own with all that leads to this message. @throws {RpcError} message-not-found, conversation-busy */
  branch(conversationId: string, messageId: string): Conversation;
  /** Removes a message with all that follows it. @throws {RpcError} message-not-found, conversation-busy */
  removeMessage(conversationId: string, messageId: string): OpenConversation;
  /** The person's word on a call that waits. @throws {RpcError} message-not-found when it does not */
  decideCall(conversationId: string, callId: string, decision: CallDecision): void;
  /** With its bytes as base64. @throws {RpcError} message-not-found */
  attachment(attachmentId: string): Attachment & { readonly data: string };
  /** How much of the context the next message would find taken. Loads nothing. @throws {RpcError} conversation-not-found */
  context(conversationId: string, text: string): Promise<ContextUse>;
  /** Titles and messages that have all these words, best first. */
  search(query: string, limit: number): ChatHit[];
  /** One conversation, or all of them as JSON, told in parts. @throws {RpcError} conversation-not-found, bad-input */
  export(
    wish: ExportWish,
    options: { readonly signal: AbortSignal; readonly emit: (part: { readonly text: string }) => void },
  ): Promise<ExportedFile>;
  /** Adds what a file holds, as new conversations. @throws {RpcError} chat-import-unreadable */
  import(file: {
    readonly fileName: string;
    readonly text: string;
  }): Promise<{ readonly conversations: Conversation[]; readonly skipped: number }>;
  presets(): ChatPreset[];
  /** @throws {RpcError} preset-not-found, bad-input for one that ships, schema-invalid */
  savePreset(preset: Omit<ChatPreset, 'id' | 'isShipped'> & { readonly id: string | null }): ChatPreset;
  /** @throws {RpcError} preset-not-found, bad-input for one that ships */
  removePreset(id: string): void;
  subscribe(listener: (change: ConversationChange) => void): () => void;
  /** Stops every answer; what was written is kept. */
  dispose(): Promise<void>;
}
