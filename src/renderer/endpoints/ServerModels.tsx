import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { TextField } from '../ui/TextField.tsx';

interface ServerModelsProps {
  readonly models: readonly string[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (model: string, isWanted: boolean) => void;
}

/** Large hosts list hundreds; more than these are found by their name. */
const shownAtOnce = 60;

/** What the server says it has, to choose from. */
export function ServerModels({ models, chosen, onChoose }: ServerModelsProps) {
  const [query, setQuery] = useState('');
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter((model) => words.every((word) => model.toLowerCase().includes(word)));
  return (
    <fieldset className="server-models">
      <legend className="ink sm">On the server</legend>
      {models.length > 12 ? (
        <TextField label="Find a model" labelHidden type="search" placeholder="Find a model" value={query} onChange={setQuery} />
      ) : null}
      <div className="list">
        {found.slice(0, shownAtOnce).map((model) => (
          <Checkbox key={model} checked={chosen.has(model)} onChange={(isWanted) => onChoose(model, isWanted)}>
            <span className="mono">{model}</span>
          </Checkbox>
        ))}
      </div>
      {found.length === 0 ? <p className="note">No model there is called so.</p> : null}
      {found.length > shownAtOnce ? <p className="note">{formatCount(found.length - shownAtOnce)} more: type a part of the name.</p> : null}
    </fieldset>
  );
}
