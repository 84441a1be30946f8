import { useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Conversation } from '#shared/contract/chat.ts';
import { navigate } from '../../router.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import { changeChat, jumpTo, loadForChat, loadThread, removeChat, renameChat, startNewChat, useChat } from '../../stores/chat.ts';
import { stopAnswer } from '../../stores/chatAnswers.ts';
import { updateSettings, useSettings } from '../../stores/settings.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { ChatToolbar } from './ChatToolbar.tsx';
import { ConversationList } from './ConversationList.tsx';
import { ConversationPane } from './ConversationPane.tsx';
import { ModelSwitcher } from './ModelSwitcher.tsx';
import { ParametersPanel } from './ParametersPanel.tsx';
import { type ChatModel, useChatModel } from './useChatModel.ts';
import { usePanels } from './usePanels.ts';
import '../../styles/work.css';
import './chat.css';
import './composer.css';
import './transcript.css';

/** Conversations, the open one, and its parameters. */
export function ChatScreen({ conversationId }: { readonly conversationId: string | null }) {
  const conversations = useChat((state) => state.conversations);
  const conversation = conversations?.find((one) => one.id === conversationId);
  const model = useChatModel(conversation);
  const draftShape = useChat((state) => state.draft.shape);
  const answering = useChat(useShallow((state) => Object.keys(state.live)));
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
        shape={conversation?.shape ?? draftShape}
        onNew={newChat}
        panels={panels}
        onTogglePanel={togglePanel}
        switcher={
          <ModelSwitcher
            open={isSwitching}
            onOpenChange={setSwitching}
            choices={model.choices}
            loaded={model.loaded}
            selected={model.selected}
            onSelect={({ id, artifact }) => {
              void changeChat(conversationId, { modelId: id });
              if (artifact === null) return;
              void updateSettings({ lastModelId: id }).catch(() => undefined);
              void loadForChat(id, {});
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
          answeringIds={new Set(answering)}
          onOpen={(id) => {
            closeFloating();
            navigate({ screen: 'chat', conversationId: id });
          }}
          onOpenHit={({ conversationId: id, messageId }) => {
            closeFloating();
            jumpTo(messageId === null ? null : { conversationId: id, messageId });
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
          stopAnswer(removing.id);
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

function Parameters({ conversation, model }: { readonly conversation: Conversation | undefined; readonly model: ChatModel }) {
  const draft = useChat((state) => state.draft);
  const defaultPrompt = useSettings((state) => state.settings?.systemPrompt ?? '');
  const { selected, running } = model;
  const artifact = selected?.artifact ?? undefined;
  return (
    <ParametersPanel
      key={conversation?.id ?? ''}
      systemPrompt={conversation?.systemPrompt ?? draft.systemPrompt ?? defaultPrompt}
      sampling={conversation?.sampling ?? draft.sampling}
      shape={conversation?.shape ?? draft.shape}
      onChange={(change) => void changeChat(conversation?.id ?? null, change)}
      artifact={artifact}
      running={running}
      onLoad={(options) => (artifact === undefined ? Promise.resolve() : loadForChat(artifact.id, options, { isJustSo: true }))}
    />
  );
}
