import { Segmented } from '../../../ui/Segmented.tsx';
import { Select } from '../../../ui/Select.tsx';

interface TemperatureChoiceProps {
  readonly temperatures: readonly number[];
  /** Null = all. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** One temperature of a run, or all: side by side where they are few, else in a list. Nothing where there is one. */
export function TemperatureChoice({ temperatures, value, onChange }: TemperatureChoiceProps) {
  if (temperatures.length < 2) return null;
  const chosen = {
    label: 'Temperature',
    value: value === null ? 'all' : String(value),
    onChange: (next: string) => onChange(next === 'all' ? null : Number(next)),
  };
  const each = temperatures.map((one) => ({ value: String(one), label: `T ${one}` }));
  return temperatures.length < 4 ? (
    <Segmented {...chosen} options={[{ value: 'all', label: 'All' }, ...each]} />
  ) : (
    <Select size="sm" {...chosen} options={[{ value: 'all', label: 'All T' }, ...each]} />
  );
}
