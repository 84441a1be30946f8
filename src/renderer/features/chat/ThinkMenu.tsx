import { Brain, Check } from 'lucide-react';
import type { Thinking } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Menu } from '../../ui/Menu.tsx';

const labels: Readonly<Record<Thinking, string>> = { default: 'As the model does', on: 'Think first', off: 'Answer at once' };
const shown: Readonly<Record<Thinking, string>> = { default: 'Think', on: 'Think', off: 'No thinking' };

/** Whether a model that can reason before it answers is to. */
export function ThinkMenu({ value, onChange }: { readonly value: Thinking; readonly onChange: (thinking: Thinking) => void }) {
  return (
    <Menu
      trigger={
        <button type="button" className={value === 'default' ? 'chip' : 'chip is-on'} aria-label={`Thinking: ${labels[value]}`}>
          <Icon of={Brain} size={14} />
          {shown[value]}
        </button>
      }
      actions={(['default', 'on', 'off'] as const).map((thinking) => ({
        label: labels[thinking],
        ...(thinking === value ? { icon: Check } : {}),
        run: () => onChange(thinking),
      }))}
    />
  );
}
