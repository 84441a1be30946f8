import { useState } from 'react';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import { changeChoice, useComparisons } from '../../../stores/comparisons.ts';
import { Button } from '../../../ui/Button.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import { NumberParameter } from '../NumberParameter.tsx';

/** What is the same for every column. */
export function CompareParameters() {
  const { sampling, systemPrompt, pace } = useComparisons((state) => state.choice);
  const [system, setSystem] = useState(systemPrompt);
  const set = (change: Partial<Sampling>): void => changeChoice({ sampling: { ...sampling, ...change } });
  return (
    <>
      <NumberParameter
        label="Temperature"
        title="0 always takes the likeliest word; higher is more varied"
        value={sampling.temperature}
        onChange={(temperature) => set({ temperature: temperature ?? 0 })}
        min={0}
        max={5}
        digits={2}
        slider={{ min: 0, max: 2, step: 0.05, whenEmpty: 0 }}
      />
      <NumberParameter
        label="Max tokens"
        title="An answer is cut at this length"
        value={sampling.maxTokens}
        onChange={(maxTokens) => set({ maxTokens })}
        min={1}
        max={16_777_216}
        digits={0}
        emptyWord="no limit"
      />
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
