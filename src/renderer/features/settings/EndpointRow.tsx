import { Check, KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Endpoint, EndpointCheck } from '#shared/contract/endpoints.ts';
import { checkEndpoint } from '../../stores/endpoints.ts';
import { Button } from '../../ui/Button.tsx';
import { showError } from '../../ui/showError.ts';
import { Tag } from '../../ui/Tag.tsx';

interface EndpointRowProps {
  readonly endpoint: Endpoint;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** One endpoint with what can be done to it, and what it said when it was last checked. */
export function EndpointRow({ endpoint, onEdit, onRemove }: EndpointRowProps) {
  const [check, setCheck] = useState<EndpointCheck | null>(null);
  const [busy, setBusy] = useState(false);
  const ask = async (): Promise<void> => {
    setBusy(true);
    const { hasKey: _hasKey, ...draft } = endpoint;
    try {
      setCheck(await checkEndpoint(draft));
    } catch (thrown) {
      showError(`${endpoint.name} was not checked`, thrown);
    }
    setBusy(false);
  };
  return (
    <div className="settings-row endpoint-row">
      <div className="grow">
        <div className="ink sm">{endpoint.name}</div>
        <div className="note mono">{endpoint.baseUrl}</div>
        <div className="note">{modelWords(endpoint.models)}</div>
        <div className="note" role="status">
          {check === null ? null : (
            <>
              <span className={check.ok ? 'ink2' : 'bad'}>{check.message}</span> {check.hint} {missingWords(endpoint, check)}
            </>
          )}
        </div>
      </div>
      <div className="row">
        {endpoint.hasKey ? (
          <Tag icon={KeyRound} title="A key is kept for it">
            key
          </Tag>
        ) : null}
        {check?.ok === true ? (
          <Tag tone="ok" icon={Check}>
            {Math.max(1, Math.round(check.tookMs))} ms
          </Tag>
        ) : null}
        <Button busy={busy} aria-label={`Check ${endpoint.name}`} onClick={() => void ask()}>
          Check
        </Button>
        <Button aria-label={`Change ${endpoint.name}`} onClick={onEdit}>
          Change
        </Button>
        <Button variant="ghost" aria-label={`Remove ${endpoint.name}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </div>
  );
}

const namedAtOnce = 3;

function modelWords(models: readonly string[]): string {
  if (models.length === 0) return 'No model named yet: a benchmark cannot ask it.';
  const named = models.slice(0, namedAtOnce).join(', ');
  return models.length > namedAtOnce ? `${named} and ${models.length - namedAtOnce} more` : named;
}

/** Named models that the server does not list may fail in a benchmark. */
function missingWords(endpoint: Endpoint, check: EndpointCheck): string {
  if (check.models.length === 0) return '';
  const gone = endpoint.models.filter((model) => !check.models.includes(model));
  return gone.length === 0 ? '' : `It does not list ${gone.slice(0, namedAtOnce).join(', ')}.`;
}
