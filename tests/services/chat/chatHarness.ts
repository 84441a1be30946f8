import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ChatService, SentMessage } from '#main/services/chat/chatService.ts';
import { createChatService } from '#main/services/chat/createChatService.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import { createFetchTool } from '#main/services/tools/fetchTool.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import type { AnswerEvent, AnswerShape, Message } from '#shared/contract/chat.ts';
import { endpointModelId } from '#shared/contract/endpoints.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { type ChatServer, chunk, done, finish, type Play, startChatServer } from '../../fixtures/endpoint/chatServer.ts';
import { draftOf, openEndpoints } from '../endpoints/endpointHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { missingSandbox } from '../tools/sandboxes.ts';

export interface ChatHarness {
  readonly chat: ChatService;
  readonly database: Database;
  readonly server: ChatServer;
  /** A model behind the server, as conversations name it. */
  readonly modelId: string;
  readonly lastModelId: () => string | null;
}

/** The real chat service on a database of its own, and a server that answers as it is told. No model of this disk. */
export async function openChat(
  options: { readonly plays?: readonly Play[]; readonly sandbox?: PythonSandbox; readonly path?: string } = {},
): Promise<ChatHarness> {
  const server = await startChatServer(options.plays === undefined ? {} : { plays: options.plays });
  const { endpoints } = openEndpoints();
  const { id } = await endpoints.save(draftOf({ baseUrl: server.url }));
  const database = openDatabase(options.path ?? join(temporaryFolder(), 'chat.db'));
  const fetchTool = createFetchTool({ userAgent: 'rightsize/test' });
  let lastModelId: string | null = null;
  const silent = (): void => undefined;
  const chat = createChatService({
    database,
    endpoints,
    fetchTool,
    sandbox: options.sandbox ?? missingSandbox,
    library: {
      list: () => [],
      require(model) {
        throw new RpcError('model-not-found', `There is no model ${model}.`);
      },
    },
    models: { loaded: () => [], acquire: () => Promise.reject(new Error('No model of this disk is asked.')) },
    settings: {
      read: () => ({ systemPrompt: '', lastModelId }) as never,
      update(patch) {
        lastModelId = patch.lastModelId ?? lastModelId;
        return {} as never;
      },
    },
    log: { error: silent, warn: silent, info: silent },
    now: Date.now,
  });
  onTestFinished(async () => {
    await chat.dispose();
    await fetchTool.dispose();
    database.close();
  });
  return { chat, database, server, modelId: endpointModelId(id, 'small'), lastModelId: () => lastModelId };
}

/** A conversation with the model behind the server. */
export function startConversation({ chat, modelId }: Pick<ChatHarness, 'chat' | 'modelId'>, shape: Partial<AnswerShape> = {}): string {
  const { id, shape: usual } = chat.create(modelId);
  chat.update(id, { shape: { ...usual, ...shape } });
  return id;
}

/** Keeps what is told while an answer is made. */
export function listener(onEvent?: (event: AnswerEvent) => void, signal = new AbortController().signal) {
  const events: AnswerEvent[] = [];
  const emit = (event: AnswerEvent): void => {
    events.push(event);
    onEvent?.(event);
  };
  return { signal, emit, events };
}

/** A whole export, and in how many parts it came. */
export async function exported(chat: ChatService, conversationId: string | null, format: 'json' | 'markdown' = 'json') {
  const parts: string[] = [];
  const options = { signal: new AbortController().signal, emit: ({ text }: { readonly text: string }) => void parts.push(text) };
  return { ...(await chat.export({ conversationId, format }, options)), text: parts.join(''), parts: parts.length };
}

export function ask(chat: ChatService, id: string, sent: string | SentMessage): Promise<Message> {
  return chat.send(id, typeof sent === 'string' ? { text: sent } : sent, listener());
}

/** An answer that calls a tool, as OpenAI streams it. */
export const calling =
  (name: string, given: object, text = ''): Play =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (text !== '') response.write(chunk({ content: text }));
    response.write(chunk({ tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name, arguments: JSON.stringify(given) } }] }));
    response.end(finish('tool_calls') + done);
  };

/** The messages of a question as they were sent. */
export const sentMessages = (server: ChatServer, index: number) => server.asked[index]?.body.messages as readonly Record<string, unknown>[];

/** A PNG's header with a size, and nothing else. */
export function pngOf(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
