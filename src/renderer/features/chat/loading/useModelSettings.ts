import { useEffect, useState } from 'react';
import type { ModelSettings } from '#shared/contract/models.ts';
import { noModelSettings, readModelSettings, saveModelSettings } from '../../../stores/loadSettings.ts';
import { onConnected } from '../../../stores/rpc.ts';

export interface SettingsDraft {
  /** As the fields show them. */
  readonly draft: ModelSettings;
  readonly isChanged: boolean;
  readonly isDefault: boolean;
  /** False while what is saved has not been read. */
  readonly isRead: boolean;
  readonly change: (draft: ModelSettings) => void;
  readonly reset: () => void;
  /** @throws {RpcError} what saving it failed with; the fields stay as they are */
  readonly save: () => Promise<void>;
}

/** A model's own settings as they are saved, and as somebody changes them. Another model is another draft: give the component its id as key. */
export function useModelSettings(id: string): SettingsDraft {
  const [saved, setSaved] = useState<ModelSettings | null>(null);
  const [changed, setChanged] = useState<ModelSettings | null>(null);
  useEffect(
    () =>
      onConnected(
        (signal) =>
          void readModelSettings(id, { signal }).then(setSaved, () => {
            // A model that has gone meanwhile has none.
            if (!signal.aborted) setSaved(noModelSettings);
          }),
      ),
    [id],
  );
  const draft = changed ?? saved ?? noModelSettings;
  return {
    draft,
    isChanged: saved !== null && !isSame(draft, saved),
    isDefault: isSame(draft, noModelSettings),
    isRead: saved !== null,
    change: setChanged,
    reset: () => setChanged(noModelSettings),
    async save() {
      setSaved(await saveModelSettings(id, draft));
      setChanged(null);
    },
  };
}

const isSame = (a: ModelSettings, b: ModelSettings): boolean => JSON.stringify(a) === JSON.stringify(b);
