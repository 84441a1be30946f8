import { useEffect, useRef, useState } from 'react';
import { type Conversation, defaultSampling } from '#shared/contract/chat.ts';
import { navigate } from '../../router.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import { changeChat, loadForChat, loadThread, removeChat, renameChat, startNewChat, useChat } from '../../stores/chat.ts';
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
              void loadForChat(artifact.id, {});
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

function Parameters({ conversation, model }: { readonly conversation: Conversation | undefined; readonly model: ChatModel }) {
  const draft = useChat((state) => state.draft);
  const defaultPrompt = useSettings((state) => state.settings?.systemPrompt ?? '');
  const { selected, running } = model;
  return (
    <ParametersPanel
      key={conversation?.id ?? ''}
      systemPrompt={conversation?.systemPrompt ?? draft.systemPrompt ?? defaultPrompt}
      sampling={conversation?.sampling ?? draft.sampling ?? defaultSampling}
      onChange={(change) => void changeChat(conversation?.id ?? null, change)}
      artifact={selected}
      running={running}
      onContext={selected === undefined ? null : (contextTokens) => void loadForChat(selected.id, { contextTokens })}
    />
  );
}
