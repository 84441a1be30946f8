import { useState } from 'react';
import type { Settings } from '#shared/contract/settings.ts';
import { Button } from '../../ui/Button.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import { saveSettings } from './saveSettings.ts';

export function ChatSection({ settings }: { readonly settings: Settings }) {
  const [text, setText] = useState(settings.systemPrompt);
  const changed = text !== settings.systemPrompt;
  return (
    <>
      <SettingsGroup title="New chats">
        <div className="settings-row block">
          <TextArea
            label="System prompt"
            hint="Every new chat starts with it. Chats that exist keep theirs."
            placeholder="None"
            rows={5}
            maxLength={20_000}
            value={text}
            onChange={setText}
          />
          <div className="row mt-3">
            <Button variant="primary" disabled={!changed} onClick={() => saveSettings({ systemPrompt: text })}>
              Save
            </Button>
            <Button variant="ghost" disabled={!changed} onClick={() => setText(settings.systemPrompt)}>
              Discard
            </Button>
          </div>
        </div>
      </SettingsGroup>
      <SettingsGroup title="Answers">
        <SettingsRow label="Show reasoning" hint="Unfolds what models thought; otherwise it folds once an answer begins">
          <Switch label="Show reasoning" checked={settings.showReasoning} onChange={(showReasoning) => saveSettings({ showReasoning })} />
        </SettingsRow>
      </SettingsGroup>
    </>
  );
}
