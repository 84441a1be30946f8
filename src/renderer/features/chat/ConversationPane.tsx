import { useEffect, useRef, useState } from 'react';
import type { Conversation } from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import { navigate } from '../../router.ts';
import {
  changeChat,
  dismissNotice,
  loadForChat,
  loadThread,
  regenerate,
  resend,
  sendFirstMessage,
  sendMessage,
  stopAnswer,
  typeMessage,
  unblockModel,
  useChat,
} from '../../stores/chat.ts';
import { emptyThread } from '../../stores/chatThread.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { FailureBanner } from '../../ui/FailureBanner.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Composer } from './Composer.tsx';
import { EmptyChat } from './EmptyChat.tsx';
import { itemFromChat } from './itemFromChat.ts';
import { LoadingStrip } from './LoadingStrip.tsx';
import { MessageProblem } from './MessageProblem.tsx';
import type { ChatProblem } from './messageActions.ts';
import { SaveItemDialog } from './SaveItemDialog.tsx';
import { Transcript } from './Transcript.tsx';
import type { ChatModel } from './useChatModel.ts';

interface ConversationPaneProps {
  readonly conversationId: string | null;
  readonly conversation: Conversation | undefined;
  readonly isGone: boolean;
  readonly model: ChatModel;
  readonly onChooseModel: () => void;
  readonly onNewChat: () => void;
}

/** The messages of one conversation and the place to write the next one. */
export function ConversationPane({ conversationId, conversation, isGone, model, onChooseModel, onNewChat }: ConversationPaneProps) {
  const thread = useChat((state) => (conversationId === null ? emptyThread : (state.threads[conversationId] ?? loadingThread)));
  const live = useChat((state) => (conversationId === null ? undefined : state.live[conversationId]));
  const text = useChat((state) => state.typed[conversationId ?? ''] ?? '');
  const notice = useChat((state) => state.notice);
  const loadProblem = useChat((state) => state.loadProblem);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const { selected, running } = model;
  /** The answer that is being kept as a test item. */
  const [savedId, setSavedId] = useState<string | null>(null);

  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (live === undefined || conversationId === null) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"][data-open]') !== null) return;
      event.preventDefault();
      stopAnswer(conversationId);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [live, conversationId]);

  async function send(): Promise<void> {
    const message = text.trim();
    if (message === '' || selected === undefined || live !== undefined) return;
    if (conversationId === null) {
      const stored = await sendFirstMessage(message, { modelId: selected.id });
      if (stored === null) return;
      typeMessage(null, '');
      navigate({ screen: 'chat', conversationId: stored }, { replace: true });
      return;
    }
    typeMessage(conversationId, '');
    if (conversation?.modelId == null) await changeChat(conversationId, { modelId: selected.id });
    await sendMessage(conversationId, message);
  }

  function again(messageId: string | null): void {
    if (conversationId === null) return;
    void (messageId === null ? resend(conversationId) : regenerate(conversationId, messageId));
  }

  /** A failed answer is made anew with the model loaded that way; what was not sent yet is sent after the load. */
  function againWith(messageId: string | null, load: Partial<LoadOptions>): void {
    if (conversationId === null || selected === undefined) return;
    if (messageId !== null) void regenerate(conversationId, messageId, load);
    else void loadForChat(selected.id, load).then((isLoaded) => (isLoaded ? again(null) : undefined));
  }

  const problemOf = (problem: ChatProblem, { messageId, isLast }: { readonly messageId: string | null; readonly isLast: boolean }) => (
    <MessageProblem
      isOver={!isLast}
      title={messageId === null ? 'This message was not sent' : 'The answer failed'}
      problem={problem}
      contextTokens={running?.contextTokens ?? selected?.contextTokens ?? null}
      onRetry={() => again(messageId)}
      onLoadWith={(load) => againWith(messageId, load)}
      onUnblock={() => {
        if (selected !== undefined) void unblockModel(selected.id).then(() => again(messageId));
      }}
      onChooseModel={onChooseModel}
      onNewChat={onNewChat}
    />
  );

  const context = thread.messages.findLast((message) => message.context !== null)?.context ?? null;
  return (
    <section className="pane grow conversation" aria-label="Conversation">
      <FailureBanner problem={notice} onDismiss={dismissNotice} />
      {running?.state === 'loading' && live === undefined ? <LoadingStrip model={running} /> : null}
      {loadProblem !== null && loadProblem.modelId === selected?.id && live === undefined ? (
        <div className="pane-banner">
          <MessageProblem
            title={`${selected.name} won't load`}
            problem={loadProblem.problem}
            contextTokens={selected.contextTokens}
            onRetry={() => void loadForChat(selected.id, {})}
            onLoadWith={(load) => void loadForChat(selected.id, load)}
            onUnblock={() => void unblockModel(selected.id)}
            onChooseModel={onChooseModel}
            onNewChat={onNewChat}
          />
        </div>
      ) : null}
      {isGone ? (
        <EmptyState
          title="This chat is not here any more"
          actions={
            <Button variant="primary" onClick={onNewChat}>
              New chat
            </Button>
          }
        >
          It was removed. The other chats are in the list.
        </EmptyState>
      ) : thread.state === 'loading' ? (
        <Skeleton label="Loading messages" rows={4} />
      ) : thread.state === 'failed' && thread.problem !== null && conversationId !== null ? (
        <div className="pane-banner">
          <ErrorState
            title="The messages could not be read"
            error={thread.problem}
            actions={
              <Button size="sm" onClick={() => void loadThread(conversationId)}>
                Try again
              </Button>
            }
          />
        </div>
      ) : thread.messages.length === 0 && live === undefined && thread.unsent === null ? (
        <EmptyChat model={model} />
      ) : (
        <Transcript
          thread={thread}
          live={live}
          modelName={selected?.name ?? 'The model'}
          onRegenerate={again}
          onSaveItem={setSavedId}
          problemOf={problemOf}
        />
      )}
      <Composer
        fieldRef={field}
        modelName={selected?.name ?? null}
        text={text}
        onText={(typed) => typeMessage(conversationId, typed)}
        onSend={() => void send()}
        onStop={live === undefined || conversationId === null ? null : () => stopAnswer(conversationId)}
        isStopping={live?.isStopping ?? false}
        context={context}
      />
      <SaveItemDialog
        item={savedId === null ? null : itemFromChat(thread.messages, savedId, conversation)}
        onClose={() => setSavedId(null)}
      />
    </section>
  );
}

const loadingThread = { ...emptyThread, state: 'loading' } as const;
