import { Select } from '../../ui/Select.tsx';
import type { FitFilter } from './columns.ts';

interface FitFilterSelectProps {
  readonly value: FitFilter;
  readonly onChange: (value: FitFilter) => void;
}

/** Narrows the list to what would fit here, or to what would not. */
export function FitFilterSelect({ value, onChange }: FitFilterSelectProps) {
  return <Select<FitFilter> label="Models by fit" size="sm" plain value={value} onChange={onChange} options={options} />;
}

const options: readonly { readonly value: FitFilter; readonly label: string }[] = [
  { value: 'all', label: 'Fits or not' },
  { value: 'fits', label: 'Only what fits' },
  { value: 'too-large', label: "Only what won't fit" },
];
