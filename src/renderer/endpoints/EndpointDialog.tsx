import { PlugZap } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Endpoint, EndpointCheck } from '#shared/contract/endpoints.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { checkEndpoint, saveEndpoint } from '../stores/endpoints.ts';
import { useHubAccount } from '../stores/hubAccount.ts';
import { useSystem } from '../stores/system.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextArea } from '../ui/TextArea.tsx';
import { TextField } from '../ui/TextField.tsx';
import { EndpointLimits } from './EndpointLimits.tsx';
import { addressProblem, draftOf, type EndpointFields, fieldsOf, modelsOf, withModel } from './endpointFields.ts';
import { ServerModels } from './ServerModels.tsx';
import './endpoints.css';
import { keptWords } from '../ui/tokenWords.ts';

interface EndpointDialogProps {
  /** Null = a new one. */
  readonly endpoint: Endpoint | null;
  readonly onClose: () => void;
}

/** Enters or changes an endpoint. A kept key is never shown; an empty field leaves it as it is. */
export function EndpointDialog({ endpoint, onClose }: EndpointDialogProps) {
  const [fields, setFields] = useState<EndpointFields>(() => fieldsOf(endpoint));
  const [problem, setProblem] = useState<string | null>(null);
  const [check, setCheck] = useState<EndpointCheck | null>(null);
  const [busy, setBusy] = useState<'save' | 'check' | null>(null);
  const change = (part: Partial<EndpointFields>): void => {
    setFields((before) => ({ ...before, ...part }));
    setProblem(null);
  };

  const run = async (what: 'save' | 'check'): Promise<void> => {
    const wrong = addressProblem(fields.address);
    if (wrong !== null) return setProblem(wrong);
    setBusy(what);
    setProblem(null);
    try {
      const draft = draftOf(fields, endpoint);
      if (what === 'check') setCheck(await checkEndpoint(draft));
      else {
        await saveEndpoint(draft);
        return onClose();
      }
    } catch (thrown) {
      const { message, hint } = toRpcErrorData(thrown);
      setProblem(hint === undefined ? message : `${message} ${hint}`);
    }
    setBusy(null);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (busy === null) void run('save');
  };

  return (
    <Dialog open onClose={onClose} wide title={endpoint === null ? 'Add an endpoint' : `Change ${endpoint.name}`}>
      <form className="endpoint-form" onSubmit={submit} noValidate>
        <TextField
          label="Address"
          type="url"
          inputMode="url"
          placeholder="http://127.0.0.1:11434/v1"
          hint="As its maker gives it, mostly ending in /v1. Plain http with a key only to this machine and private networks."
          error={problem}
          value={fields.address}
          onChange={(address) => change({ address })}
          maxLength={500}
          spellCheck={false}
          autoComplete="off"
          autoFocus={endpoint === null}
          className="mono"
        />
        <TextField
          label="Name"
          placeholder="Its host, when left empty"
          value={fields.name}
          onChange={(name) => change({ name })}
          maxLength={100}
          autoComplete="off"
        />
        <KeyField endpoint={endpoint} fields={fields} onChange={change} />
        <TextArea
          label="Models"
          hint="One a line, as the server names them. These can be chosen in chat, to compare, and for a benchmark, as its reference or judge too."
          value={fields.models}
          onChange={(models) => change({ models })}
          rows={3}
          spellCheck={false}
          className="mono"
        />
        {check === null ? null : (
          <Banner tone={check.ok ? 'acc' : 'bad'} title={check.message}>
            {check.hint}
          </Banner>
        )}
        {check === null || check.models.length === 0 ? null : (
          <ServerModels
            models={check.models}
            chosen={new Set(modelsOf(fields.models))}
            onChoose={(model, isWanted) => change({ models: withModel(fields.models, model, isWanted) })}
          />
        )}
        <EndpointLimits fields={fields} onChange={change} />
        <div className="actions">
          <Button icon={PlugZap} busy={busy === 'check'} disabled={busy === 'save'} onClick={() => void run('check')}>
            Check the server
          </Button>
          <span className="grow" />
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" busy={busy === 'save'} disabled={busy === 'check'}>
            Save endpoint
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface KeyFieldProps {
  readonly endpoint: Endpoint | null;
  readonly fields: EndpointFields;
  readonly onChange: (part: Partial<EndpointFields>) => void;
}

function KeyField({ endpoint, fields, onChange }: KeyFieldProps) {
  const isProtected = useHubAccount((state) => state.account?.isProtected ?? null);
  const host = useSystem((state) => state.about?.host ?? null);
  const hasKey = endpoint?.hasKey === true;
  const place = isProtected === null ? '' : ` ${keptWords({ token: 'none', isProtected }, host)}`;
  return (
    <div className="col">
      <TextField
        label="Key"
        type="password"
        placeholder={hasKey ? 'A key is kept; leave empty to keep it' : 'None needed by most servers of your own'}
        hint={`Sent to this address’s server only.${place}`}
        value={fields.key}
        onChange={(key) => onChange({ key })}
        maxLength={2000}
        autoComplete="off"
        spellCheck={false}
        disabled={fields.forgetsKey}
        className="mono"
      />
      {hasKey ? (
        <Checkbox checked={fields.forgetsKey} onChange={(forgetsKey) => onChange({ forgetsKey, key: '' })}>
          Forget the key that is kept
        </Checkbox>
      ) : null}
    </div>
  );
}
