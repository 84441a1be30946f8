import { FilePlus2 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { formatCount, formatDuration, formatTokensPerSecond, missing } from '#core/units.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import type { LoggedRequest, RequestDetail, ServerState } from '#shared/contract/server.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { itemOfRequest, openRequest, useServer } from '../../stores/server.ts';
import { SaveItemDialog } from '../../testItems/SaveItemDialog.tsx';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { CopyButton } from './CopyButton.tsx';
import { ReplaySection } from './ReplaySection.tsx';
import { RequestState } from './RequestList.tsx';
import { readableBody } from './readableBody.ts';
import { tryOr } from './serverActions.ts';

interface RequestDrawerProps {
  readonly id: string;
  readonly server: ServerState;
  readonly onClose: () => void;
}

/** One request: facts, what was kept of it, and what can be done with that. */
export function RequestDrawer({ id, server, onClose }: RequestDrawerProps) {
  const known = useServer((state) => state.log.requests.find((request) => request.id === id));
  const [read, setRead] = useState<RequestDetail | null>(null);
  const [problem, setProblem] = useState<RpcErrorData | null>(null);
  const [item, setItem] = useState<DatasetItem | null>(null);
  const isDone = known === undefined || known.state === 'done';
  // biome-ignore lint/correctness/useExhaustiveDependencies: its answer is there when it is done
  useEffect(() => {
    const state = { isGone: false };
    openRequest(id).then(
      (detail) => (state.isGone ? undefined : setRead(detail)),
      (thrown: unknown) => (state.isGone ? undefined : setProblem(toRpcErrorData(thrown))),
    );
    return () => {
      state.isGone = true;
    };
  }, [id, isDone]);
  const request = known ?? read?.request;
  const save = (): void => {
    void tryOr('No test item was made', async () => setItem(await itemOfRequest(id)));
  };
  return (
    <Drawer title={request === undefined ? 'Request' : `${request.method} ${request.path}`} onClose={onClose} takesFocus={false}>
      {request === undefined ? (
        problem === null ? (
          <Skeleton label="Reading the request" rows={4} />
        ) : (
          <div className="sec">
            <Banner tone="bad" title={problem.message}>
              {problem.hint}
            </Banner>
          </div>
        )
      ) : (
        <>
          <Facts request={request} />
          {request.hasBody && request.state === 'done' ? (
            <div className="sec row">
              <Button icon={FilePlus2} onClick={save}>
                Save as test item
              </Button>
            </div>
          ) : null}
          {read?.question == null ? (
            <div className="sec note">{unkeptWords(request, server)}</div>
          ) : (
            <>
              <Body title="Question" text={readableBody(read.question)} raw={read.question} />
              {read.answer === null ? null : <Body title="Answer" text={readableBody(read.answer)} raw={read.answer} />}
              {request.state === 'done' ? <ReplaySection request={request} answer={read.answer} /> : null}
            </>
          )}
        </>
      )}
      <SaveItemDialog item={item} setName="From the server" onClose={() => setItem(null)} />
    </Drawer>
  );
}

function Facts({ request }: { readonly request: LoggedRequest }) {
  const { usage } = request;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Status', <RequestState key="state" request={request} />],
    ['Time', new Date(request.at).toLocaleString('en-GB')],
    ['Model', request.model ?? 'none named'],
    ['Program', request.client ?? 'does not say'],
    ['Time to first token', formatDuration(request.ttftMs)],
    ['Total', formatDuration(request.totalMs)],
    ['Speed', formatTokensPerSecond(request.generationTokensPerSecond)],
    [
      'Tokens read',
      usage === null
        ? missing
        : `${formatCount(usage.promptTokens)}${usage.cachedTokens > 0 ? `, ${formatCount(usage.cachedTokens)} kept` : ''}`,
    ],
    ['Tokens written', usage === null ? missing : formatCount(usage.completionTokens)],
    ['Ended by', request.finishReason ?? missing],
  ];
  return (
    <div className="sec">
      {request.problem === null ? null : (
        <Banner tone="bad" title={request.problem} className="mb-2">
          {request.status === null ? undefined : `Answered with ${request.status}.`}
        </Banner>
      )}
      <dl className="kv">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd title={typeof value === 'string' ? value : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Body({ title, text, raw }: { readonly title: string; readonly text: string; readonly raw: string }) {
  return (
    <section className="sec" aria-label={title}>
      <div className="row spread">
        <h3 className="h3">{title}</h3>
        <CopyButton label={`Copy ${title.toLowerCase()}`} text={() => raw} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <pre className="code wrapped template mt-2" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function unkeptWords(request: LoggedRequest, { settings }: ServerState): string {
  if (request.state !== 'done') return 'What it asks is shown when it has been answered.';
  return settings.logBodies
    ? 'Its question and answer were not kept.'
    : 'Its question and answer were not kept. “Keep questions and answers” in the server settings keeps those that come from then on.';
}
