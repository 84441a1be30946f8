import { useEffect, useState } from 'react';
import type { DesktopState } from '#shared/contract/desktop.ts';
import type { Settings } from '#shared/contract/settings.ts';
import { rpc } from '../../stores/rpc.ts';
import { Button } from '../../ui/Button.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { acceleratorOf, keysOfAccelerator } from './accelerator.ts';
import { SettingsGroup } from './SettingsGroup.tsx';
import { saveSettings } from './saveSettings.ts';

/** What only the desktop app has: its place in the tray, and a key that works everywhere. */
export function DesktopRows({ settings }: { readonly settings: Settings }) {
  const { quickPromptShortcut, closeToTray } = settings;
  const state = useDesktopState(quickPromptShortcut);
  const isRefused = quickPromptShortcut !== null && state?.shortcut === quickPromptShortcut && !state.hasShortcut;
  return (
    <SettingsGroup title="Desktop">
      <SettingsRow
        label="Keep running in the tray"
        hint={
          state?.hasTray === false
            ? 'This desktop shows no tray, so closing the window ends the app'
            : 'Closing the window leaves loaded models and the local API as they are'
        }
      >
        <Switch
          label="Keep running in the tray"
          checked={closeToTray}
          disabled={state?.hasTray === false}
          onChange={(next) => saveSettings({ closeToTray: next })}
        />
      </SettingsRow>
      <SettingsRow
        label="Quick prompt"
        hint={
          isRefused ? (
            <span className="problem-text">Another program holds these keys. Choose others.</span>
          ) : (
            'Opens a small window from any program to ask one question'
          )
        }
      >
        <KeyChoice accelerator={quickPromptShortcut} />
      </SettingsRow>
    </SettingsGroup>
  );
}

/** Asked again after every change of the keys, which the host takes before the setting is back here. */
function useDesktopState(quickPromptShortcut: string | null): DesktopState | null {
  const [state, setState] = useState<DesktopState | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another combination may be held or not
  useEffect(() => {
    let isCurrent = true;
    rpc
      .call('desktop.state', {})
      .then((answer) => (isCurrent ? setState(answer.state) : undefined))
      .catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [quickPromptShortcut]);
  return state;
}

/** Shows the combination; pressed, it takes the next one that is typed. */
function KeyChoice({ accelerator }: { readonly accelerator: string | null }) {
  const [isListening, setListening] = useState(false);
  return (
    <div className="row">
      <Button
        aria-label={isListening ? 'Press the new keys' : 'Keys of the quick prompt'}
        aria-pressed={isListening}
        onClick={() => setListening((before) => !before)}
        onBlur={() => setListening(false)}
        onKeyDown={(event) => {
          if (!isListening) return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === 'Escape') return setListening(false);
          const next = acceleratorOf(event);
          if (next === null) return;
          setListening(false);
          saveSettings({ quickPromptShortcut: next });
        }}
      >
        {isListening ? 'Press keys, Esc to keep' : accelerator === null ? 'None' : <Kbd keys={keysOfAccelerator(accelerator)} />}
      </Button>
      {accelerator === null ? null : (
        <Button variant="ghost" onClick={() => saveSettings({ quickPromptShortcut: null })}>
          Remove
        </Button>
      )}
    </div>
  );
}
