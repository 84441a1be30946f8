import { useEffect, useRef, useState } from 'react';
import { ServerSettingsPatch, type ServerState } from '#shared/contract/server.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Stepper } from '../../ui/Stepper.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { saveServer } from './serverActions.ts';

interface ServerSettingsDialogProps {
  readonly server: ServerState;
  readonly onClose: () => void;
}

/** What is rarely changed. Each change is kept at once. */
export function ServerSettingsDialog({ server: { settings }, onClose }: ServerSettingsDialogProps) {
  return (
    <Dialog open wide onClose={onClose} title="Server settings" actions={<Button onClick={onClose}>Done</Button>}>
      <div className="server-settings">
        <SettingsRow label="Starts with the app">
          <Switch
            label="Starts with the app"
            checked={settings.startsWithApp}
            onChange={(startsWithApp) => saveServer({ startsWithApp })}
          />
        </SettingsRow>
        <SettingsRow
          label="Asks for a key"
          hint={
            settings.lan
              ? 'Always, while other devices may connect.'
              : 'Without one every program of this machine, of every account, can ask your models.'
          }
        >
          <Switch
            label="Asks for a key"
            checked={settings.requiresKey}
            disabled={settings.lan}
            onChange={(requiresKey) => saveServer({ requiresKey })}
          />
        </SettingsRow>
        <SettingsRow
          label="Requests side by side"
          hint="Answered at the same time by one model, as far as memory allows. One that is loaded for fewer is loaded again when it is idle."
        >
          <Stepper
            label="Requests side by side"
            value={settings.parallel}
            min={1}
            max={32}
            onCommit={(parallel) => (parallel === null ? undefined : saveServer({ parallel }))}
          />
        </SettingsRow>
        <SettingsRow label="Requests that may wait" hint="The next one is told 429: try again later.">
          <Stepper
            label="Requests that may wait"
            value={settings.queueLimit}
            min={0}
            max={10_000}
            onCommit={(queueLimit) => (queueLimit === null ? undefined : saveServer({ queueLimit }))}
          />
        </SettingsRow>
        <SettingsRow
          label="Keep questions and answers"
          hint="In the log of this machine, where everybody with this account can read them. Needed to look at a request, to replay it and to save it as a test item. Off: only times and counts are kept."
        >
          <Switch label="Keep questions and answers" checked={settings.logBodies} onChange={(logBodies) => saveServer({ logBodies })} />
        </SettingsRow>
        <SettingsRow label="Requests in the log" hint="The oldest go first. 0 keeps none.">
          <Stepper
            label="Requests in the log"
            value={settings.logLimit}
            min={0}
            max={100_000}
            step={100}
            onCommit={(logLimit) => (logLimit === null ? undefined : saveServer({ logLimit }))}
          />
        </SettingsRow>
        <SettingsRow label="Days in the log">
          <Stepper
            label="Days in the log"
            value={settings.logDays}
            min={1}
            max={365}
            onCommit={(logDays) => (logDays === null ? undefined : saveServer({ logDays }))}
          />
        </SettingsRow>
        <OriginsField origins={settings.allowedOrigins} />
      </div>
    </Dialog>
  );
}

/** One origin a line; kept when the field is left. */
function OriginsField({ origins }: { readonly origins: readonly string[] }) {
  const [text, setText] = useState(origins.join('\n'));
  const [problem, setProblem] = useState<string | null>(null);
  const commit = (): string | null => {
    const allowedOrigins = [...new Set(text.split(/\s+/).filter(Boolean).map(asOrigin))];
    const parsed = ServerSettingsPatch.safeParse({ allowedOrigins });
    if (!parsed.success) return 'One address a line, such as https://example.com or http://localhost:3000. 50 at most.';
    setText(allowedOrigins.join('\n'));
    if (allowedOrigins.join('\n') !== origins.join('\n')) saveServer({ allowedOrigins });
    return null;
  };
  // Escape takes the dialog away before its field is left.
  const atEnd = useRef(commit);
  useEffect(() => {
    atEnd.current = commit;
  });
  useEffect(() => () => void atEnd.current(), []);
  return (
    <div className="settings-row block">
      <TextArea
        label="Web pages that may ask"
        hint="One address a line. Others are refused, whatever key they send; programs are no web pages and are not affected."
        value={text}
        onChange={(next) => {
          setText(next);
          setProblem(null);
        }}
        onBlur={() => setProblem(commit())}
        error={problem}
        placeholder="None"
        rows={2}
        spellCheck={false}
        className="mono"
      />
    </div>
  );
}

/** What a browser sends has no path; people paste addresses that have one. */
function asOrigin(text: string): string {
  return /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).origin : text;
}
