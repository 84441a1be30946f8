import type { KvType } from '#core/fit/fitTypes.ts';
import { chooseKvType } from '../stores/fitChoice.ts';
import { Select } from '../ui/Select.tsx';

/** How exactly the context is kept in memory. */
export function KvTypeSelect({ value }: { readonly value: KvType }) {
  return <Select<KvType> label="Type of the KV cache" size="sm" plain value={value} onChange={chooseKvType} options={options} />;
}

const options: readonly { readonly value: KvType; readonly label: string; readonly detail: string }[] = [
  { value: 'f16', label: 'KV f16', detail: 'usual' },
  { value: 'q8_0', label: 'KV q8_0', detail: 'about half' },
  { value: 'q4_0', label: 'KV q4_0', detail: 'about a quarter' },
];
