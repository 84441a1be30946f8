import { Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { EndpointDialog } from '../../endpoints/EndpointDialog.tsx';
import { loadEndpoints, removeEndpoint, useEndpoints } from '../../stores/endpoints.ts';
import { loadHubAccount } from '../../stores/hubAccount.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';
import { EndpointRow } from './EndpointRow.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import '../../endpoints/endpoints.css';

/** Servers with OpenAI's API whose models stand beside those of this disk: in chats, comparisons and benchmarks. */
export function EndpointsSection() {
  const { endpoints, problem } = useEndpoints();
  /** Null = a new one; undefined = none is open. */
  const [editing, setEditing] = useState<Endpoint | null | undefined>(undefined);
  const [leaving, setLeaving] = useState<Endpoint | null>(null);
  useEffect(() => {
    void loadEndpoints();
    // Says how a key would be kept.
    void loadHubAccount();
  }, []);

  const remove = async (endpoint: Endpoint): Promise<void> => {
    setLeaving(null);
    try {
      await removeEndpoint(endpoint.id);
      showToast({ tone: 'done', title: `${endpoint.name} is forgotten`, text: 'Runs that asked it keep their answers.' });
    } catch (thrown) {
      showError(`${endpoint.name} was not removed`, thrown);
    }
  };

  return (
    <>
      {problem === null ? null : (
        <Banner tone="bad" title={problem.message} className="settings-banner">
          {problem.hint}
        </Banner>
      )}
      <SettingsGroup title="Endpoints">
        {endpoints === null && problem === null ? <Skeleton label="Reading the endpoints" rows={2} /> : null}
        {endpoints?.map((endpoint) => (
          <EndpointRow key={endpoint.id} endpoint={endpoint} onEdit={() => setEditing(endpoint)} onRemove={() => setLeaving(endpoint)} />
        ))}
        <SettingsRow
          label={endpoints?.length === 0 ? 'No endpoint yet' : 'Another server'}
          hint="Any server with OpenAI’s API: vLLM, SGLang, llama-server, Ollama, LM Studio, Docker Model Runner, OpenRouter and others. Its models can be chatted with, compared and benchmarked beside yours, and one may judge."
        >
          <Button icon={Plus} onClick={() => setEditing(null)}>
            Add endpoint
          </Button>
        </SettingsRow>
      </SettingsGroup>
      {editing === undefined ? null : <EndpointDialog endpoint={editing} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={`Forget ${leaving?.name ?? 'this endpoint'}?`}
        confirmLabel="Forget endpoint"
        onConfirm={() => (leaving === null ? undefined : void remove(leaving))}
      >
        <p>{leaving?.hasKey === true ? 'Its key is deleted too. ' : ''}Runs that asked it keep their answers.</p>
        <p className="mono xs ink3 break-all mt-2">{leaving?.baseUrl}</p>
      </ConfirmDialog>
    </>
  );
}
