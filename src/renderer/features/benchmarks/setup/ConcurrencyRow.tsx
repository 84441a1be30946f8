import { Chip } from '../../../ui/Chip.tsx';
import { SettingRow } from './SettingRow.tsx';

interface ConcurrencyRowProps {
  readonly value: readonly number[];
  readonly onChange: (value: readonly number[]) => void;
}

const offered = [1, 2, 4, 8, 16, 32] as const;
const most = 8;

/** How many requests at the same time remote models are measured with, each in a part of the run of its own. */
export function ConcurrencyRow({ value, onChange }: ConcurrencyRowProps) {
  const shown = [...new Set([...offered, ...value])].sort((a, b) => a - b);
  function toggle(count: number, on: boolean): void {
    const next = on ? [...value, count].sort((a, b) => a - b) : value.filter((one) => one !== count);
    if (next.length > 0 && next.length <= most) onChange(next);
  }
  return (
    <SettingRow label="Requests at once" note="remote models, each asked all">
      <div className="row row-1 temps">
        {shown.map((count) => (
          <Chip key={count} pressed={value.includes(count)} onPressedChange={(on) => toggle(count, on)}>
            {count}
          </Chip>
        ))}
      </div>
    </SettingRow>
  );
}
