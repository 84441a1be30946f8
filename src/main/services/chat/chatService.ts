import type { AnswerEvent, Conversation, ConversationChange, Message, Sampling } from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';

export interface ConversationPatch {
  readonly title?: string | undefined;
  readonly modelId?: string | null | undefined;
  readonly systemPrompt?: string | undefined;
  readonly sampling?: Sampling | undefined;
}

export interface AnswerOptions {
  readonly signal: AbortSignal;
  emit(event: AnswerEvent): void;
}

export interface RegenerateWish {
  readonly messageId: string;
  /** How to load the model for it; left out: as it is loaded, or as Rightsize decides. */
  readonly load?: LoadOptions | undefined;
}

/** Conversations with local models, kept in the database. */
export interface ChatService {
  /** Last touched first. */
  list(): Conversation[];
  create(modelId: string | null): Conversation;
  /** @throws {RpcError} conversation-not-found */
  open(conversationId: string): { conversation: Conversation; messages: Message[] };
  /** @throws {RpcError} conversation-not-found */
  update(conversationId: string, patch: ConversationPatch): Conversation;
  /** Stops the answer that is being made and deletes everything. @throws {RpcError} conversation-not-found */
  remove(conversationId: string): Promise<void>;
  /**
   * Adds a message and answers it. Aborting the signal stops the answer and keeps what was written.
   * @returns the final message; a model that fails is a message in state `failed`.
   * @throws {RpcError} conversation-not-found, conversation-busy, no-model-chosen, model-not-found
   */
  send(conversationId: string, text: string, options: AnswerOptions): Promise<Message>;
  /**
   * Answers again: the last answer is replaced, and given back where nothing came in its place.
   * @throws {RpcError} message-not-found when it is not the last answer; why there is no new one when the old one was given back
   */
  regenerate(conversationId: string, wish: RegenerateWish, options: AnswerOptions): Promise<Message>;
  subscribe(listener: (change: ConversationChange) => void): () => void;
  /** Stops every answer; what was written is kept. */
  dispose(): Promise<void>;
}
