import { Check, ChevronDown, Save, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ChatPreset } from '#shared/contract/chat.ts';
import { loadPresets, removePreset, savePreset, usePresets } from '../../stores/chatPresets.ts';
import { onConnected } from '../../stores/rpc.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Menu, type MenuAction } from '../../ui/Menu.tsx';
import { showError } from '../../ui/showError.ts';
import { type Answering, activePreset } from './activePreset.ts';

interface PresetMenuProps {
  readonly now: Answering;
  readonly onApply: (preset: ChatPreset) => void;
}

/** The way a conversation answers, by name. Own presets can be brought up to date and removed here. */
export function PresetMenu({ now, onApply }: PresetMenuProps) {
  const presets = usePresets((state) => state.presets);
  const [lastId, setLastId] = useState<string | null>(null);
  const [removing, setRemoving] = useState<ChatPreset | null>(null);
  useEffect(() => onConnected(() => void loadPresets().catch(() => undefined)), []);
  if (presets === null) return null;
  const active = activePreset(presets, now);
  const own = active?.isShipped === false ? active : undefined;
  const changed = active === undefined ? presets.find(({ id, isShipped }) => id === lastId && !isShipped) : undefined;
  const actions: (MenuAction | null)[] = presets.map((preset) => ({
    label: preset.name,
    ...(preset.id === active?.id ? { icon: Check } : {}),
    run: () => {
      setLastId(preset.id);
      onApply(preset);
    },
  }));
  if (changed !== undefined) {
    const { id, name, systemPrompt, shape } = changed;
    const run = (): void => {
      savePreset({
        id,
        name,
        systemPrompt: systemPrompt === null ? null : now.systemPrompt,
        sampling: now.sampling,
        shape: shape === null ? null : now.shape,
      }).catch((thrown: unknown) => showError('The preset was not saved', thrown));
    };
    actions.push(null, { label: `Update ${name}`, icon: Save, run });
  }
  if (own !== undefined) actions.push(null, { label: `Remove ${own.name}`, icon: Trash2, danger: true, run: () => setRemoving(own) });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <button type="button" className="select sm" aria-label={`Preset: ${active?.name ?? 'none'}`}>
            <span className="ell">{active?.name ?? 'Custom'}</span>
            <Icon of={ChevronDown} size={13} />
          </button>
        }
        actions={actions}
      />
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove the preset “${removing?.name ?? ''}”?`}
        confirmLabel="Remove preset"
        onConfirm={() => {
          if (removing !== null) removePreset(removing.id).catch((thrown: unknown) => showError('The preset was not removed', thrown));
          setRemoving(null);
        }}
      >
        Chats that answer by it go on as they are.
      </ConfirmDialog>
    </>
  );
}
