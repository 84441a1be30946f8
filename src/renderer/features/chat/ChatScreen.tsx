import { MessageSquare } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type Conversation, defaultSampling, type Message } from '#shared/contract/chat.ts';
import { navigate } from '../../router.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import {
  changeChat,
  dismissNotice,
  loadForChat,
  loadThread,
  regenerate,
  removeChat,
  renameChat,
  resend,
  sendFirstMessage,
  sendMessage,
  startNewChat,
  stopAnswer,
  typeMessage,
  unblockModel,
  useChat,
} from '../../stores/chat.ts';
import { emptyThread } from '../../stores/chatThread.ts';
import { updateSettings, useSettings } from '../../stores/settings.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ChatToolbar } from './ChatToolbar.tsx';
import { Composer } from './Composer.tsx';
import { ConversationList } from './ConversationList.tsx';
import { LoadingStrip } from './LoadingStrip.tsx';
import { MessageProblem } from './MessageProblem.tsx';
import { ModelSwitcher } from './ModelSwitcher.tsx';
import { ParametersPanel } from './ParametersPanel.tsx';
import { Transcript } from './Transcript.tsx';
import { useChatModel } from './useChatModel.ts';
import { usePanels } from './usePanels.ts';
import '../../styles/work.css';
import './chat.css';

/** Conversations, the open one, and its parameters. */
export function ChatScreen({ conversationId }: { readonly conversationId: string | null }) {
  const conversations = useChat((state) => state.conversations);
  const conversation = conversations?.find((one) => one.id === conversationId);
  const model = useChatModel(conversation);
  const { panels, togglePanel, closeFloating } = usePanels();
  const [isSwitching, setSwitching] = useState(false);
  const [removing, setRemoving] = useState<Conversation | null>(null);
  const search = useRef<HTMLInputElement | null>(null);

  useEffect(() => {
    if (conversationId !== null) void loadThread(conversationId);
  }, [conversationId]);

  function newChat(): void {
    startNewChat(model.selected?.id ?? null);
    navigate({ screen: 'chat', conversationId: null });
  }
  useShortcut('Ctrl+N', newChat);
  useShortcut('Ctrl+M', () => setSwitching(true));
  useShortcut('/', () => search.current?.focus());

  return (
    <>
      <ChatToolbar
        onNew={newChat}
        panels={panels}
        onTogglePanel={togglePanel}
        switcher={
          <ModelSwitcher
            open={isSwitching}
            onOpenChange={setSwitching}
            artifacts={model.ready}
            loaded={model.loaded}
            selected={model.selected}
            onSelect={(artifact) => {
              void changeChat(conversationId, { modelId: artifact.id });
              void updateSettings({ lastModelId: artifact.id }).catch(() => undefined);
              void loadForChat(artifact.id, { contextTokens: null });
            }}
          />
        }
      />
      <div className={`body chat${panels.conversations ? ' with-conversations' : ''}`}>
        <ConversationList
          conversations={conversations}
          selectedId={conversationId}
          modelNames={model.names}
          searchRef={search}
          onOpen={(id) => {
            closeFloating();
            navigate({ screen: 'chat', conversationId: id });
          }}
          onRename={(id, title) => void renameChat(id, title)}
          onRemove={setRemoving}
        />
        <ConversationPane
          key={conversationId ?? ''}
          conversationId={conversationId}
          conversation={conversation}
          isGone={conversations !== null && conversationId !== null && conversation === undefined}
          model={model}
          onChooseModel={() => setSwitching(true)}
          onNewChat={newChat}
        />
        {panels.parameters ? <Parameters conversation={conversation} model={model} /> : null}
      </div>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove “${removing?.title ?? ''}”?`}
        confirmLabel="Remove chat"
        onConfirm={() => {
          if (removing === null) return;
          void removeChat(removing.id);
          setRemoving(null);
          if (removing.id === conversationId) navigate({ screen: 'chat', conversationId: null });
        }}
      >
        Its messages are gone for good. Models and other chats stay.
      </ConfirmDialog>
    </>
  );
}

interface ConversationPaneProps {
  readonly conversationId: string | null;
  readonly conversation: Conversation | undefined;
  readonly isGone: boolean;
  readonly model: ReturnType<typeof useChatModel>;
  readonly onChooseModel: () => void;
  readonly onNewChat: () => void;
}

function ConversationPane({ conversationId, conversation, isGone, model, onChooseModel, onNewChat }: ConversationPaneProps) {
  const thread = useChat((state) => (conversationId === null ? emptyThread : (state.threads[conversationId] ?? loadingThread)));
  const live = useChat((state) => (conversationId === null ? undefined : state.live[conversationId]));
  const text = useChat((state) => state.typed[conversationId ?? ''] ?? '');
  const notice = useChat((state) => state.notice);
  const loadProblem = useChat((state) => state.loadProblem);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const { selected, running } = model;

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

  const problemOf = (
    problem: NonNullable<Message['error']>,
    { messageId, isLast }: { readonly messageId: string | null; readonly isLast: boolean },
  ) => (
    <MessageProblem
      isOver={!isLast}
      title={messageId === null ? 'This message was not sent' : 'The answer failed'}
      problem={problem}
      contextTokens={running?.contextTokens ?? selected?.contextTokens ?? null}
      onRetry={() => again(messageId)}
      onLoadWith={(contextTokens) => {
        if (selected === undefined) return;
        void loadForChat(selected.id, { contextTokens }).then((isLoaded) => (isLoaded ? again(messageId) : undefined));
      }}
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
      {notice === null ? null : (
        <Banner
          tone="bad"
          title={notice.message}
          className="pane-banner"
          actions={
            <Button size="sm" onClick={dismissNotice}>
              Dismiss
            </Button>
          }
        >
          {notice.hint}
        </Banner>
      )}
      {running?.state === 'loading' && live === undefined ? <LoadingStrip model={running} /> : null}
      {loadProblem !== null && loadProblem.modelId === selected?.id && live === undefined ? (
        <div className="pane-banner">
          <MessageProblem
            title={`${selected.name} won't load`}
            problem={loadProblem.problem}
            contextTokens={selected.contextTokens}
            onRetry={() => void loadForChat(selected.id, { contextTokens: null })}
            onLoadWith={(contextTokens) => void loadForChat(selected.id, { contextTokens })}
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
        <Transcript thread={thread} live={live} modelName={selected?.name ?? 'The model'} onRegenerate={again} problemOf={problemOf} />
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
    </section>
  );
}

const loadingThread = { ...emptyThread, state: 'loading' } as const;

function EmptyChat({ model }: { readonly model: ReturnType<typeof useChatModel> }) {
  if (model.isLibraryLoading) return <Skeleton label="Loading models" rows={3} />;
  if (model.ready.length === 0) {
    return (
      <EmptyState
        title="No models yet"
        actions={
          <Button variant="primary" onClick={() => navigate({ screen: 'library' })}>
            Add models
          </Button>
        }
      >
        Add a folder with GGUF files, or import one. Everything here stays on this machine.
      </EmptyState>
    );
  }
  return (
    <EmptyState picture={<Icon of={MessageSquare} size={24} />} title={`Chat with ${model.selected?.name ?? 'a model'}`}>
      {model.running === undefined ? 'It loads with your first message.' : 'It is in memory.'} Nothing you write leaves this machine.
    </EmptyState>
  );
}

function Parameters({
  conversation,
  model,
}: {
  readonly conversation: Conversation | undefined;
  readonly model: ReturnType<typeof useChatModel>;
}) {
  const draft = useChat((state) => state.draft);
  const defaultPrompt = useSettings((state) => state.settings?.systemPrompt ?? '');
  const { selected, running } = model;
  return (
    <ParametersPanel
      key={conversation?.id ?? ''}
      systemPrompt={conversation?.systemPrompt ?? draft.systemPrompt ?? defaultPrompt}
      sampling={conversation?.sampling ?? draft.sampling ?? defaultSampling}
      onChange={(change) => void changeChat(conversation?.id ?? null, change)}
      contextTokens={running?.contextTokens ?? null}
      onContext={selected === undefined ? null : (contextTokens) => void loadForChat(selected.id, { contextTokens })}
    />
  );
}
