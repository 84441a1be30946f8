import { useEffect, useRef, useState } from 'react';
import type { Conversation } from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import { navigate } from '../../router.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import { useStopKey } from '../../shell/useStopKey.ts';
import { attach, changeChat, dismissNotice, loadForChat, loadThread, typeMessage, unblockModel, useChat } from '../../stores/chat.ts';
import { regenerate, resend, sendFirstMessage, sendMessage, stopAnswer, takeBackUnsent } from '../../stores/chatAnswers.ts';
import { removeMessage } from '../../stores/chatPaths.ts';
import { emptyThread } from '../../stores/chatThread.ts';
import { seesImages } from '../../stores/modelChoices.ts';
import { SaveItemDialog } from '../../testItems/SaveItemDialog.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
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
import { Transcript } from './Transcript.tsx';
import { useAttaching } from './useAttaching.ts';
import type { ChatModel } from './useChatModel.ts';
import { useContextUse } from './useContextUse.ts';
import { useLiveHead } from './useLiveHead.ts';
import { useMessageActs } from './useMessageActs.ts';

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
  const live = useLiveHead(conversationId);
  const text = useChat((state) => state.typed[conversationId ?? ''] ?? '');
  const attachments = useChat((state) => state.attached[conversationId ?? ''] ?? noAttachments);
  const editing = useChat((state) => (conversationId === null ? null : (state.editing[conversationId] ?? null)));
  const draftShape = useChat((state) => state.draft.shape);
  const notice = useChat((state) => state.notice);
  const loadProblem = useChat((state) => state.loadProblem);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const { selected, running } = model;
  /** The answer that is being kept as a test item. */
  const [savedId, setSavedId] = useState<string | null>(null);
  const [removedId, setRemovedId] = useState<string | null>(null);
  const acts = useMessageActs(conversationId ?? '', { onRemove: setRemovedId, onSaveItem: setSavedId });
  const isAnswering = live !== null;
  const canSee = seesImages(selected, running);
  const { isReading: isReadingFiles, take: takeFiles } = useAttaching({
    already: () => useChat.getState().attached[conversationId ?? ''] ?? noAttachments,
    attach: (next) => attach(conversationId, next),
    seesImages: canSee,
    modelName: selected?.name ?? 'This model',
  });
  const last = thread.messages.at(-1);
  const dependsOn = [last?.id, last?.state, running?.state, running?.contextTokens, conversation?.updatedAt, isAnswering].join();
  const use = useContextUse(isAnswering ? null : conversationId, text, dependsOn);
  const lastContext = thread.messages.findLast((message) => message.context !== null)?.context ?? null;

  useEffect(() => field.current?.focus(), []);
  useStopKey(() => (conversationId === null ? undefined : stopAnswer(conversationId)), { enabled: isAnswering });
  const stepVersion = (by: -1 | 1): void => {
    const versioned = thread.messages.findLast(({ siblingIds }) => siblingIds.length > 1);
    const next = versioned?.siblingIds[versioned.siblingIds.indexOf(versioned.id) + by];
    if (next !== undefined && !isAnswering) acts.choose(next);
  };
  useShortcut('[', () => stepVersion(-1));
  useShortcut(']', () => stepVersion(1));

  async function send(): Promise<void> {
    const message = { text: text.trim(), attachments };
    if ((message.text === '' && attachments.length === 0) || selected === undefined || isAnswering) return;
    if (conversationId === null) {
      const stored = await sendFirstMessage(message, { modelId: selected.id });
      if (stored === null) return;
      typeMessage(null, '');
      attach(null, []);
      navigate({ screen: 'chat', conversationId: stored }, { replace: true });
      return;
    }
    typeMessage(conversationId, '');
    attach(conversationId, []);
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
      onTakeBack={messageId === null && conversationId !== null ? () => takeBackUnsent(conversationId) : null}
    />
  );

  const saved = savedId === null ? null : itemFromChat(thread.messages, savedId, conversation);
  const lastQuestion = thread.messages.findLast((message) => message.role === 'user');
  return (
    <section className="pane grow conversation" aria-label="Conversation">
      <FailureBanner problem={notice} onDismiss={dismissNotice} />
      {running?.state === 'loading' && !isAnswering ? <LoadingStrip model={running} /> : null}
      {loadProblem !== null && loadProblem.modelId === selected?.id && !isAnswering ? (
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
      ) : conversationId === null || (thread.messages.length === 0 && !isAnswering && thread.unsent === null) ? (
        <EmptyChat model={model} />
      ) : (
        <Transcript
          conversationId={conversationId}
          thread={thread}
          live={live}
          modelName={selected?.name ?? 'The model'}
          acts={acts}
          editing={editing}
          droppedMessages={use?.droppedMessages ?? 0}
          problemOf={problemOf}
        />
      )}
      <Composer
        fieldRef={field}
        modelName={selected?.name ?? null}
        seesImages={canSee}
        text={text}
        onText={(typed) => typeMessage(conversationId, typed)}
        attachments={attachments}
        isReadingFiles={isReadingFiles}
        onFiles={takeFiles}
        onDetach={(index) => attach(conversationId, attachments.toSpliced(index, 1))}
        shape={conversation?.shape ?? draftShape}
        onShape={(shape) => void changeChat(conversationId, { shape })}
        onSend={() => void send()}
        onStop={!isAnswering || conversationId === null ? null : () => stopAnswer(conversationId)}
        isStopping={live?.isStopping ?? false}
        onEditLast={lastQuestion === undefined || isAnswering ? null : () => acts.edit(lastQuestion.id, lastQuestion.text)}
        context={use?.totalTokens == null ? lastContext : use}
      />
      <SaveItemDialog
        item={saved?.item ?? null}
        setName="From chats"
        {...(saved?.leftOut == null ? {} : { description: saved.leftOut })}
        onClose={() => setSavedId(null)}
      />
      <ConfirmDialog
        open={removedId !== null}
        onClose={() => setRemovedId(null)}
        title="Remove this message and all that follows it?"
        confirmLabel="Remove messages"
        onConfirm={() => {
          if (removedId !== null && conversationId !== null) void removeMessage(conversationId, removedId);
          setRemovedId(null);
        }}
      >
        They are gone for good. What stands before it, and its other versions, stay.
      </ConfirmDialog>
    </section>
  );
}

const loadingThread = { ...emptyThread, state: 'loading' } as const;
const noAttachments = [] as const;
