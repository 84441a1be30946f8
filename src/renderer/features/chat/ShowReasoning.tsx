import { updateSettings, useSettings } from '../../stores/settings.ts';
import { Switch } from '../../ui/Switch.tsx';
import { showError } from '../../ui/showError.ts';

/** Unfolds or folds what models thought in every answer, now and later. */
export function ShowReasoning() {
  const shown = useSettings((state) => state.settings?.showReasoning ?? null);
  if (shown === null) return null;
  return (
    <div className="p row spread" title="Otherwise it folds once an answer begins">
      <span className="med-label">Show reasoning</span>
      <Switch
        label="Show reasoning in every answer"
        checked={shown}
        onChange={(showReasoning) =>
          void updateSettings({ showReasoning }).catch((thrown: unknown) => showError('The setting was not saved', thrown))
        }
      />
    </div>
  );
}
