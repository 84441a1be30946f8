import { useEffect, useMemo } from 'react';
import type { Conversation } from '#shared/contract/chat.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import { chatStarter, starterModels } from '../../shell/starters.ts';
import { useChat } from '../../stores/chat.ts';
import { loadEndpoints, useEndpoints } from '../../stores/endpoints.ts';
import { useLibrary } from '../../stores/library.ts';
import { choiceName, choiceOf, type ModelChoice, modelChoices } from '../../stores/modelChoices.ts';
import { useModels } from '../../stores/models.ts';
import { onConnected } from '../../stores/rpc.ts';
import { useSettings } from '../../stores/settings.ts';

export interface ChatModel {
  readonly ready: readonly Artifact[];
  /** Everything that may be chosen: models of this disk first. */
  readonly choices: readonly ModelChoice[];
  readonly loaded: readonly LoadedModel[];
  /** The conversation's own model; before there is one, the draft's, the last used, one in memory, the starter for chats, or the first. */
  readonly selected: ModelChoice | undefined;
  readonly running: LoadedModel | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly isLibraryLoading: boolean;
}

export function useChatModel(conversation: Conversation | undefined): ChatModel {
  const artifacts = useLibrary((state) => state.artifacts);
  const isLibraryLoading = useLibrary((state) => state.state === 'loading');
  const endpoints = useEndpoints((state) => state.endpoints);
  const loaded = useModels((state) => state.loaded);
  const lastModelId = useSettings((state) => state.settings?.lastModelId ?? null);
  const draftModelId = useChat((state) => state.draft.modelId);
  useEffect(() => onConnected(() => void loadEndpoints()), []);
  return useMemo(() => {
    const ready = artifacts.filter((artifact) => artifact.state === 'ready');
    const choices = modelChoices(artifacts, endpoints ?? []);
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
    const selected = wished.map((id) => choices.find((choice) => choice.id === id)).find((choice) => choice !== undefined);
    const all = [...artifacts.map(choiceOf), ...choices.filter(({ artifact }) => artifact === null)];
    return {
      ready,
      choices,
      loaded,
      selected,
      running: loaded.find((model) => model.artifactId === selected?.id),
      names: new Map(all.map((choice) => [choice.id, choiceName(choice)])),
      isLibraryLoading,
    };
  }, [artifacts, endpoints, loaded, lastModelId, draftModelId, conversation?.modelId, isLibraryLoading]);
}
