import type { Sampling } from '#shared/contract/chat.ts';
import { NumberParameter } from './NumberParameter.tsx';

interface SharedParameterProps {
  readonly sampling: Sampling;
  readonly onChange: (change: Partial<Sampling>) => void;
}

export function TemperatureParameter({ sampling, onChange }: SharedParameterProps) {
  return (
    <NumberParameter
      label="Temperature"
      title="0 always takes the likeliest word; higher varies more"
      value={sampling.temperature}
      onChange={(temperature) => onChange({ temperature: temperature ?? 0 })}
      min={0}
      max={5}
      digits={2}
      slider={{ min: 0, max: 2, step: 0.05, whenEmpty: 0 }}
    />
  );
}

export function MaxTokensParameter({ sampling, onChange }: SharedParameterProps) {
  return (
    <NumberParameter
      label="Max tokens"
      title="An answer is cut at this length"
      value={sampling.maxTokens}
      onChange={(maxTokens) => onChange({ maxTokens })}
      min={1}
      max={16_777_216}
      digits={0}
      emptyWord="no limit"
    />
  );
}
