import { Check, Plus, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Endpoint, EndpointCheck } from '#shared/contract/endpoints.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { EndpointDialog } from '../../endpoints/EndpointDialog.tsx';
import { addressOf } from '../../router.ts';
import { checkEndpoint, loadEndpoints, useEndpoints } from '../../stores/endpoints.ts';
import { loadHubAccount } from '../../stores/hubAccount.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Spinner } from '../../ui/Spinner.tsx';

/** Models of other servers, which are chosen like those of this machine. */
export function RemoteEndpoints() {
  const { endpoints, problem } = useEndpoints();
  const [editing, setEditing] = useState<Endpoint | null | undefined>(undefined);
  useEffect(() => {
    void loadEndpoints();
    // Says how a key would be kept.
    void loadHubAccount();
  }, []);
  return (
    <section className="card remote" aria-label="Remote endpoints">
      <header>
        <h2 className="h3">Remote endpoints</h2>
        <span className="grow" />
        <Button size="sm" icon={Plus} aria-label="Add endpoint" onClick={() => setEditing(null)}>
          Add
        </Button>
      </header>
      {problem === null ? null : (
        <Banner tone="bad" title={problem.message} className="m-2">
          {problem.hint}
        </Banner>
      )}
      {endpoints === null && problem === null ? <Skeleton label="Reading the endpoints" rows={2} /> : null}
      {endpoints?.length === 0 ? (
        <p className="note none">None yet. Any server with OpenAI’s API: vLLM, llama-server, Ollama, LM Studio, OpenRouter and others.</p>
      ) : null}
      <ul className="scroll">
        {endpoints?.map((endpoint) => (
          <RemoteEndpoint key={endpoint.id} endpoint={endpoint} onEdit={() => setEditing(endpoint)} />
        ))}
      </ul>
      <p className="note foot-note">
        Remote models appear in Chat, Compare and Benchmark. Nothing is sent unless you pick one.{' '}
        <a href={addressOf({ screen: 'settings', section: 'endpoints' })}>All settings</a>
      </p>
      {editing === undefined ? null : <EndpointDialog endpoint={editing} onClose={() => setEditing(undefined)} />}
    </section>
  );
}

function RemoteEndpoint({ endpoint, onEdit }: { readonly endpoint: Endpoint; readonly onEdit: () => void }) {
  const [check, setCheck] = useState<Pick<EndpointCheck, 'ok' | 'message' | 'tookMs'> | 'running' | null>(null);
  const ask = async (): Promise<void> => {
    setCheck('running');
    const { hasKey: _hasKey, ...draft } = endpoint;
    try {
      setCheck(await checkEndpoint(draft));
    } catch (thrown) {
      setCheck({ ok: false, message: toRpcErrorData(thrown).message, tookMs: 0 });
    }
  };
  const count = endpoint.models.length;
  return (
    <li>
      <div className="row spread">
        <button type="button" className="ink med ell endpoint-name" title={`Change ${endpoint.name}`} onClick={onEdit}>
          {endpoint.name}
        </button>
        <span role="status">
          {check === 'running' ? (
            <Spinner />
          ) : check === null ? (
            <Button size="sm" variant="ghost" aria-label={`Check ${endpoint.name}`} onClick={() => void ask()}>
              Check
            </Button>
          ) : check.ok ? (
            <span className="request-state ok">
              <Icon of={Check} size={12} />
              Connected
            </span>
          ) : (
            <span className="request-state bad">
              <Icon of={X} size={12} />
              No answer
            </span>
          )}
        </span>
      </div>
      <div className="note">
        <span className="mono">{URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl).host : endpoint.baseUrl}</span>,{' '}
        {count === 1 ? '1 model' : `${count} models`}
        {endpoint.hasKey ? ', key kept' : ''}
        {check !== null && check !== 'running' && check.ok ? `, ${Math.max(1, Math.round(check.tookMs))} ms` : ''}
      </div>
      {check !== null && check !== 'running' && !check.ok ? (
        <div className="note">
          {check.message}{' '}
          <button type="button" className="link" onClick={() => void ask()}>
            Retry
          </button>
        </div>
      ) : null}
    </li>
  );
}
