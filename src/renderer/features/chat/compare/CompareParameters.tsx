import { useState } from 'react';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import { changeChoice, useComparisons } from '../../../stores/comparisons.ts';
import { Button } from '../../../ui/Button.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import { NumberParameter } from '../NumberParameter.tsx';
import { MaxTokensParameter, TemperatureParameter } from '../SharedParameters.tsx';

/** What is the same for every column. */
export function CompareParameters() {
  const { sampling, systemPrompt, pace } = useComparisons((state) => state.choice);
  const [system, setSystem] = useState(systemPrompt);
  const set = (change: Partial<Sampling>): void => changeChoice({ sampling: { ...sampling, ...change } });
  return (
    <>
      <TemperatureParameter sampling={sampling} onChange={set} />
      <MaxTokensParameter sampling={sampling} onChange={set} />
      <NumberParameter
        label="Seed"
        title="One for all models; drawn anew for each comparison where none is given"
        value={sampling.seed}
        onChange={(seed) => set({ seed })}
        min={0}
        max={4_294_967_295}
        digits={0}
        emptyWord="drawn"
      />
      <div className="p">
        <TextArea
          label="System prompt"
          value={system}
          onChange={(text) => {
            setSystem(text);
            changeChoice({ systemPrompt: text });
          }}
          rows={3}
          placeholder="The same for all models"
        />
      </div>
      <div className="p">
        <Segmented
          label="How they are asked"
          value={pace}
          onChange={(next) => changeChoice({ pace: next })}
          options={[
            { value: 'turns', label: 'In turns' },
            { value: 'together', label: 'At the same time' },
          ]}
        />
        <p className="note">
          {pace === 'turns'
            ? 'Each has the whole machine: speeds can be compared.'
            : 'They share the machine: faster to read, speeds cannot be compared.'}
        </p>
      </div>
      <div className="foot">
        <Button
          variant="ghost"
          size="sm"
          onClick={() => {
            setSystem('');
            changeChoice({ sampling: defaultSampling, systemPrompt: '', pace: 'turns' });
          }}
        >
          Reset
        </Button>
      </div>
    </>
  );
}
