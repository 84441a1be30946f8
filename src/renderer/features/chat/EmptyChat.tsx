import { Cloud, MessageSquare } from 'lucide-react';
import { navigate } from '../../router.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import type { ChatModel } from './useChatModel.ts';

/** What a conversation without messages says: that it is private, or that a model is missing. */
export function EmptyChat({ model }: { readonly model: ChatModel }) {
  if (model.isLibraryLoading) return <Skeleton label="Loading models" rows={3} />;
  if (model.choices.length === 0) {
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
  const { selected } = model;
  if (selected !== undefined && selected.endpoint !== null) {
    const { name, baseUrl } = selected.endpoint;
    const { host } = new URL(baseUrl);
    return (
      <EmptyState picture={<Icon of={Cloud} size={24} />} title={`Chat with ${selected.name}`}>
        What you write is sent to {name === host ? host : `${name} (${host})`}.
      </EmptyState>
    );
  }
  return (
    <EmptyState picture={<Icon of={MessageSquare} size={24} />} title={`Chat with ${model.selected?.name ?? 'a model'}`}>
      {model.running?.state === 'loading'
        ? 'It is being loaded.'
        : model.running === undefined
          ? 'It loads with your first message.'
          : 'It is in memory.'}{' '}
      Nothing you write leaves this machine.
    </EmptyState>
  );
}
