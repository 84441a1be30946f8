import { X } from 'lucide-react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { formatGibibytes } from '#core/units.ts';
import type { ModelChoice } from '../../../stores/modelChoices.ts';
import { FitBadge } from '../../../ui/FitBadge.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';

interface ColumnHeadProps {
  readonly label: string;
  readonly name: string;
  readonly isBlind: boolean;
  /** Null while it is hidden. */
  readonly modelId: string | null;
  readonly choices: readonly ModelChoice[];
  /** Models of all columns: the same twice is no comparison. */
  readonly taken: readonly string[];
  readonly fit: FitEstimate | null;
  readonly isLocked: boolean;
  readonly onChoose: (modelId: string) => void;
  readonly onRemove: (() => void) | null;
}

/** Which model a column is of, and where it would lie. */
export function ColumnHead({ label, name, isBlind, modelId, choices, taken, fit, isLocked, onChoose, onRemove }: ColumnHeadProps) {
  const choice = choices.find(({ id }) => id === modelId);
  if (isBlind) {
    return (
      <header className="column-head">
        <h2 className="med ink">{name}</h2>
        <span className="note">Name and speed are hidden until the vote</span>
      </header>
    );
  }
  const isKnown = choice !== undefined;
  return (
    <header className="column-head">
      <div className="row">
        <span className="column-label" aria-hidden="true">
          {label}
        </span>
        {isKnown || modelId === null ? (
          <Select
            plain
            label={`Model ${label}`}
            value={modelId ?? ''}
            disabled={isLocked}
            className="column-model"
            onChange={onChoose}
            options={choices.map((option) => ({
              value: option.id,
              label: option.name,
              detail: option.endpoint?.name ?? option.quant ?? '',
              disabled: option.id !== modelId && taken.includes(option.id),
            }))}
          />
        ) : (
          <span className="med ink ell" title="It is not in the library any more">
            {name}
          </span>
        )}
        {onRemove === null ? null : (
          <IconButton
            icon={X}
            size="sm"
            label={`Remove ${name} from the comparison`}
            className="ml-auto"
            disabled={isLocked}
            onClick={onRemove}
          />
        )}
      </div>
      <div className="column-facts">
        {choice?.quant == null ? null : <span className="mono">{choice.quant}</span>}
        {choice?.endpoint == null ? (
          isKnown ? (
            <>
              <FitBadge fit={fit} />
              {fit === null ? null : <span className="note">{formatGibibytes(fit.bytes.total)}</span>}
            </>
          ) : (
            <span className="note">Not in the library any more</span>
          )
        ) : (
          <span className="note ell">{choice.endpoint.name}</span>
        )}
      </div>
    </header>
  );
}
