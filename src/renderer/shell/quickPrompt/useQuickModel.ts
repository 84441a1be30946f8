import { useEffect, useMemo, useState } from 'react';
import { loadEndpoints, useEndpoints } from '../../stores/endpoints.ts';
import { useLibrary } from '../../stores/library.ts';
import { choiceName, modelChoices } from '../../stores/modelChoices.ts';
import { useModels } from '../../stores/models.ts';
import { onConnected } from '../../stores/rpc.ts';
import { useSettings } from '../../stores/settings.ts';
import { chatStarter, starterModels } from '../starters.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The models that can be asked, and which one is: the one chosen here, one in memory, the last used, the starter for chats, or the first. */
export function useQuickModel(): {
  readonly models: readonly Choice[];
  readonly selected: Choice | undefined;
  readonly choose: (id: string) => void;
} {
  const artifacts = useLibrary((state) => state.artifacts);
  const endpoints = useEndpoints((state) => state.endpoints);
  const loadedId = useModels((state) => state.loaded.find((model) => model.usedBy !== 'benchmark')?.artifactId ?? null);
  const lastModelId = useSettings((state) => state.settings?.lastModelId ?? null);
  const [chosen, choose] = useState<string | null>(null);
  useEffect(() => onConnected(() => void loadEndpoints()), []);
  const { models, starterId } = useMemo(
    () => ({
      models: modelChoices(artifacts, endpoints ?? []).map((choice) => ({ value: choice.id, label: choiceName(choice) })),
      starterId: chatStarter(starterModels(artifacts.filter((artifact) => artifact.state === 'ready')))?.id ?? null,
    }),
    [artifacts, endpoints],
  );
  const wished = [chosen, loadedId, lastModelId, starterId, models[0]?.value ?? null];
  const selected = wished.map((id) => models.find((model) => model.value === id)).find((model) => model !== undefined);
  return { models, selected, choose };
}
