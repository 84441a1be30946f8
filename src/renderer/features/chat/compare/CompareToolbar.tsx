import { Popover } from '@base-ui/react/popover';
import { ChevronDown, History, Plus } from 'lucide-react';
import { type Comparison, comparedModels } from '#shared/contract/comparisons.ts';
import { navigate } from '../../../router.ts';
import { changeChoice, useComparisons } from '../../../stores/comparisons.ts';
import type { ModelChoice } from '../../../stores/modelChoices.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { CompareParameters } from './CompareParameters.tsx';

interface CompareToolbarProps {
  readonly comparison: Comparison | null;
  readonly modelIds: readonly string[];
  readonly choices: readonly ModelChoice[];
  /** While answers are written nothing of the question may change. */
  readonly isLocked: boolean;
  readonly onModels: (modelIds: readonly string[]) => void;
  readonly onHistory: () => void;
}

export function CompareToolbar({ comparison, modelIds, choices, isLocked, onModels, onHistory }: CompareToolbarProps) {
  const { sampling, isBlind } = useComparisons((state) => state.choice);
  const count = comparison?.answers.length ?? modelIds.length;
  const next = choices.find(({ id }) => !modelIds.includes(id));
  const whyNoMore = count >= comparedModels.most ? 'Four models at most' : next === undefined ? 'There is no other model' : null;
  return (
    <div className="bar-top compare-bar">
      <h1>Compare</h1>
      <span className="sub ell">{count < 2 ? '' : `${count} models, same prompt and parameters`}</span>
      <div className="end">
        <Popover.Root>
          <Popover.Trigger className="select" disabled={isLocked} aria-label={`Parameters: temperature ${sampling.temperature}`}>
            <span>
              Temperature <span className="ink3">{sampling.temperature}</span>
            </span>
            <Icon of={ChevronDown} size={14} />
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Positioner className="layer" sideOffset={4} align="end" collisionPadding={8}>
              <Popover.Popup className="pop popup params compare-params" aria-label="Parameters for all models">
                <CompareParameters />
              </Popover.Popup>
            </Popover.Positioner>
          </Popover.Portal>
        </Popover.Root>
        <div className="blind">
          <span aria-hidden="true">Blind</span>
          <Switch
            label="Blind: hide names and speeds until a vote"
            checked={isBlind}
            disabled={isLocked}
            onChange={(next) => changeChoice({ isBlind: next })}
          />
        </div>
        <Segmented
          label="View"
          value="compare"
          onChange={(view) => {
            if (view === 'chat') navigate({ screen: 'chat', conversationId: null });
          }}
          options={[
            { value: 'chat', label: 'Chat' },
            { value: 'compare', label: 'Compare' },
          ]}
        />
        <Button
          icon={Plus}
          disabled={isLocked}
          // Not `disabled`: the focus stays here when the fourth was added, and why there is no fifth can be read.
          aria-disabled={whyNoMore !== null}
          title={whyNoMore ?? undefined}
          onClick={() => {
            if (next !== undefined && whyNoMore === null) onModels([...modelIds, next.id]);
          }}
        >
          Add model
        </Button>
        <IconButton icon={History} label="Earlier comparisons and standings" keys={['/']} onClick={onHistory} />
      </div>
    </div>
  );
}
