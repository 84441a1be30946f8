import { useState } from 'react';
import type { Sampling } from '#shared/contract/chat.ts';
import { TextArea } from '../../ui/TextArea.tsx';
import { NumberParameter } from './NumberParameter.tsx';
import { MaxTokensParameter, TemperatureParameter } from './SharedParameters.tsx';

interface SamplingFieldsProps {
  readonly sampling: Sampling;
  readonly onChange: (sampling: Sampling) => void;
}

const mostStops = 16;

/** How the next word is chosen, and where an answer ends. */
export function SamplingFields({ sampling: shown, onChange }: SamplingFieldsProps) {
  const [stopText, setStopText] = useState<string | null>(null);
  const set = (change: Partial<Sampling>): void => onChange({ ...shown, ...change });
  return (
    <>
      <TemperatureParameter sampling={shown} onChange={set} />
      <NumberParameter
        label="Top-p"
        title="Only the likeliest words that together reach this share"
        value={shown.topP}
        onChange={(topP) => set({ topP })}
        min={0}
        max={1}
        digits={2}
        emptyWord="off"
        slider={{ min: 0, max: 1, step: 0.01, whenEmpty: 1 }}
      />
      <NumberParameter
        label="Top-k"
        title="Only this many of the likeliest words"
        value={shown.topK}
        onChange={(topK) => set({ topK })}
        min={0}
        max={1_000_000}
        digits={0}
        emptyWord="off"
        slider={{ min: 0, max: 100, step: 1, whenEmpty: 0 }}
      />
      <NumberParameter
        label="Min-p"
        title="Only words at least this likely, compared with the likeliest"
        value={shown.minP}
        onChange={(minP) => set({ minP })}
        min={0}
        max={1}
        digits={2}
        emptyWord="off"
        slider={{ min: 0, max: 1, step: 0.01, whenEmpty: 0 }}
      />
      <NumberParameter
        label="Repeat penalty"
        title="Above 1 makes words that were just used less likely"
        value={shown.repeatPenalty}
        onChange={(repeatPenalty) => set({ repeatPenalty })}
        min={0.5}
        max={3}
        digits={2}
        emptyWord="off"
        slider={{ min: 1, max: 2, step: 0.01, whenEmpty: 1 }}
      />
      <NumberParameter
        label="Presence penalty"
        title="Above 0 makes words less likely that were used at all"
        value={shown.presencePenalty ?? null}
        onChange={(presencePenalty) => set({ presencePenalty })}
        min={-2}
        max={2}
        digits={2}
        emptyWord="off"
      />
      <NumberParameter
        label="Frequency penalty"
        title="Above 0 makes words less likely the more often they were used"
        value={shown.frequencyPenalty ?? null}
        onChange={(frequencyPenalty) => set({ frequencyPenalty })}
        min={-2}
        max={2}
        digits={2}
        emptyWord="off"
      />
      <hr className="hr" />
      <MaxTokensParameter sampling={shown} onChange={set} />
      <NumberParameter
        label="Seed"
        title="The same seed gives the same answer again"
        value={shown.seed}
        onChange={(seed) => set({ seed })}
        min={0}
        max={4_294_967_295}
        digits={0}
        emptyWord="random"
      />
      <div className="p">
        <TextArea
          label="Stop at"
          value={stopText ?? shown.stop.join('\n')}
          onChange={setStopText}
          onBlur={() => {
            if (stopText !== null)
              set({
                stop: stopText
                  .split('\n')
                  .filter((line) => line !== '')
                  .slice(0, mostStops)
                  .map((line) => line.slice(0, 200)),
              });
            setStopText(null);
          }}
          rows={2}
          placeholder="One text per line"
        />
      </div>
    </>
  );
}
