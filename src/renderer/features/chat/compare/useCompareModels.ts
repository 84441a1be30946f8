import { useEffect, useMemo } from 'react';
import { useComparisons } from '../../../stores/comparisons.ts';
import { loadEndpoints, useEndpoints } from '../../../stores/endpoints.ts';
import { useLibrary } from '../../../stores/library.ts';
import { type ModelChoice, modelChoices } from '../../../stores/modelChoices.ts';
import { useModels } from '../../../stores/models.ts';
import { useSettings } from '../../../stores/settings.ts';
import { chosenModels } from './comparedModels.ts';

/** What can be compared, and what is chosen. */
export function useCompareModels(): {
  readonly choices: readonly ModelChoice[];
  readonly chosen: readonly string[];
  readonly isLoading: boolean;
} {
  const artifacts = useLibrary((state) => state.artifacts);
  const isLoading = useLibrary((state) => state.state === 'loading');
  const endpoints = useEndpoints((state) => state.endpoints);
  const wanted = useComparisons((state) => state.choice.modelIds);
  const lastModelId = useSettings((state) => state.settings?.lastModelId ?? null);
  const loadedIds = useModels((state) => state.loaded.map(({ artifactId }) => artifactId).join('\n'));
  useEffect(() => void loadEndpoints(), []);
  return useMemo(() => {
    const choices = modelChoices(artifacts, endpoints ?? []);
    return { choices, chosen: chosenModels(wanted, choices, [lastModelId, ...loadedIds.split('\n')]), isLoading };
  }, [artifacts, endpoints, wanted, lastModelId, loadedIds, isLoading]);
}
