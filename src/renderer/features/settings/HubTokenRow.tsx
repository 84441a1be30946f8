import { Check, KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type HubAccount, hubErrors } from '#shared/contract/catalog.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { hubAddress, loadHubAccount, setHubToken } from '../../stores/hubAccount.ts';
import { useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { showError } from '../../ui/showError.ts';
import { Tag } from '../../ui/Tag.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { showToast } from '../../ui/toast.ts';
import { keptWords, sentWords } from '../../ui/tokenWords.ts';

/** The access token: entered, replaced, forgotten, or read from the environment. What is stored never comes back to the page. */
export function HubTokenRow({ account }: { readonly account: HubAccount | null }) {
  const [isReplacing, setReplacing] = useState(false);
  const host = useSystem((state) => state.about?.host ?? null);
  if (account === null) return <Skeleton label="Reading the account" rows={1} />;
  const kept = keptWords(account, host);
  if (account.token === 'environment')
    return (
      <SettingsRow label="Access token" hint={`${kept} ${sentWords(account)}`}>
        <Tag size="lg" icon={KeyRound}>
          HF_TOKEN
        </Tag>
        <CheckButton account={account} />
      </SettingsRow>
    );
  if (account.token === 'stored' && !isReplacing)
    return (
      <SettingsRow label="Access token" hint={`${kept} ${sentWords(account)}`}>
        <CheckButton account={account} />
        <Button onClick={() => setReplacing(true)}>Replace</Button>
        <Button variant="ghost" onClick={() => void forget()}>
          Forget
        </Button>
      </SettingsRow>
    );
  return <TokenForm account={account} kept={kept} onDone={() => setReplacing(false)} isReplacing={isReplacing} />;
}

/** The account's name once the hub has told it; until then the way to ask. */
function CheckButton({ account }: { readonly account: HubAccount }) {
  const [busy, setBusy] = useState(false);
  if (account.name !== null)
    return (
      <Tag tone="ok" size="lg" icon={Check}>
        {account.name}
      </Tag>
    );
  const check = async (): Promise<void> => {
    setBusy(true);
    await loadHubAccount({ verify: true }).catch((thrown: unknown) => showError('The token was not verified', thrown));
    setBusy(false);
  };
  return (
    <Button busy={busy} onClick={() => void check()}>
      Verify
    </Button>
  );
}

async function forget(): Promise<void> {
  try {
    await setHubToken(null);
    showToast({ tone: 'done', title: 'The token is forgotten', text: 'Take it back on the hub too where others may have seen it.' });
  } catch (thrown) {
    showError('The token was not forgotten', thrown);
  }
}

/** The hub gave no verdict, so the token was stored as it is. */
const couldNotAsk: ReadonlySet<string> = new Set([hubErrors.unreachable, hubErrors.down, hubErrors.rateLimited, hubErrors.notTheHub]);

interface TokenFormProps {
  readonly account: HubAccount;
  readonly kept: string;
  readonly isReplacing: boolean;
  readonly onDone: () => void;
}

function TokenForm({ account, kept, isReplacing, onDone }: TokenFormProps) {
  const [token, setToken] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (token.trim() === '') return setError('Paste a token first.');
    setBusy(true);
    setError(null);
    try {
      await setHubToken(token.trim());
      setToken('');
      onDone();
    } catch (thrown) {
      const problem = toRpcErrorData(thrown);
      if (couldNotAsk.has(problem.code)) {
        showError('The token is kept, and was not verified', thrown);
        return onDone();
      }
      setError(problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`);
      setBusy(false);
    }
  };
  return (
    <form className="settings-row block" onSubmit={(event) => void save(event)}>
      <TextField
        label="Access token"
        type="password"
        placeholder="hf_…"
        hint={
          <>
            Needed only for gated and private models; read access is enough. {kept} {sentWords(account)}{' '}
            <a className="link" href={`${hubAddress(account)}/settings/tokens`} target="_blank" rel="noreferrer">
              Make one on the hub
            </a>
          </>
        }
        error={error}
        value={token}
        onChange={setToken}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        autoFocus={isReplacing}
        className="mono"
      />
      <div className="row mt-3">
        <Button variant="primary" type="submit" busy={busy}>
          Save token
        </Button>
        {isReplacing ? (
          <Button variant="ghost" onClick={onDone}>
            Keep the old one
          </Button>
        ) : null}
      </div>
    </form>
  );
}
