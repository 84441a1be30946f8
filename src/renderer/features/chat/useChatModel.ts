import { useMemo } from 'react';
import type { Conversation } from '#shared/contract/chat.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import { chatStarter, starterModels } from '../../shell/starters.ts';
import { useChat } from '../../stores/chat.ts';
import { useLibrary } from '../../stores/library.ts';
import { useModels } from '../../stores/models.ts';
import { useSettings } from '../../stores/settings.ts';

export interface ChatModel {
  readonly ready: readonly Artifact[];
  readonly loaded: readonly LoadedModel[];
  /** The conversation's own model; before there is one, the draft's, the last used, one in memory, the starter for chats, or the first. */
  readonly selected: Artifact | undefined;
  readonly running: LoadedModel | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly isLibraryLoading: boolean;
}

export function useChatModel(conversation: Conversation | undefined): ChatModel {
  const artifacts = useLibrary((state) => state.artifacts);
  const isLibraryLoading = useLibrary((state) => state.state === 'loading');
  const loaded = useModels((state) => state.loaded);
  const lastModelId = useSettings((state) => state.settings?.lastModelId ?? null);
  const draftModelId = useChat((state) => state.draft.modelId);
  return useMemo(() => {
    const ready = artifacts.filter((artifact) => artifact.state === 'ready');
    const wished =
      conversation?.modelId != null
        ? [conversation.modelId]
        : [
            draftModelId,
            lastModelId,
            loaded.find((model) => model.usedBy !== 'benchmark')?.artifactId ?? null,
            chatStarter(starterModels(ready))?.id ?? null,
            ready[0]?.id ?? null,
          ];
    const selected = wished.map((id) => ready.find((artifact) => artifact.id === id)).find((artifact) => artifact !== undefined);
    return {
      ready,
      loaded,
      selected,
      running: loaded.find((model) => model.artifactId === selected?.id),
      names: new Map(
        artifacts.map((artifact) => [artifact.id, artifact.quant === null ? artifact.name : `${artifact.name} ${artifact.quant}`]),
      ),
      isLibraryLoading,
    };
  }, [artifacts, loaded, lastModelId, draftModelId, conversation?.modelId, isLibraryLoading]);
}
