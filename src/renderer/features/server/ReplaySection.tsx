import { Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatDuration, formatTokensPerSecond } from '#core/units.ts';
import type { LoggedRequest, Replayed } from '#shared/contract/server.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { loadEndpoints, useEndpoints } from '../../stores/endpoints.ts';
import { useLibrary } from '../../stores/library.ts';
import { choiceName, modelChoices } from '../../stores/modelChoices.ts';
import { replayRequest } from '../../stores/server.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';

interface ReplaySectionProps {
  readonly request: LoggedRequest;
  /** What it was answered with then. */
  readonly answer: string | null;
}

/** Puts the same question to another model and sets both answers side by side. */
export function ReplaySection({ request, answer }: ReplaySectionProps) {
  const artifacts = useLibrary((state) => state.artifacts);
  const endpoints = useEndpoints((state) => state.endpoints);
  const usable = modelChoices(artifacts, endpoints ?? []).map((choice) => ({ id: choice.id, name: choiceName(choice) }));
  const [chosen, setChosen] = useState<string | null>(null);
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const [problem, setProblem] = useState<RpcErrorData | null>(null);
  const running = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => void loadEndpoints(), []);
  const model = usable.find(({ id }) => id === chosen) ?? usable.find(({ id }) => id !== request.modelId) ?? usable[0];
  if (model === undefined) return null;
  const nameOf = (id: string | null): string => usable.find((one) => one.id === id)?.name ?? request.model ?? 'The model';

  const replay = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    setProblem(null);
    try {
      setReplayed(await replayRequest(request.id, model.id, controller.signal));
    } catch (thrown) {
      if (!controller.signal.aborted) setProblem(toRpcErrorData(thrown));
    }
    setBusy(false);
  };

  return (
    <section className="sec" aria-label="Replay">
      <h3 className="h3">Ask another model the same</h3>
      <div className="row mt-2">
        <Select
          label="Model to ask"
          value={model.id}
          onChange={setChosen}
          options={usable.map(({ id, name }) => ({ value: id, label: name }))}
          className="grow"
        />
        {busy ? (
          <Button busy onClick={() => undefined}>
            Asking
          </Button>
        ) : (
          <Button icon={Play} onClick={() => void replay()}>
            Replay
          </Button>
        )}
      </div>
      {busy ? (
        <Button size="sm" variant="ghost" className="mt-2" onClick={() => running.current?.abort()}>
          Stop
        </Button>
      ) : null}
      {problem === null ? null : (
        <Banner tone="bad" title={problem.message} className="mt-2">
          {problem.hint}
        </Banner>
      )}
      <Dialog open={replayed !== null} wide onClose={() => setReplayed(null)} title="The same question, two answers">
        {replayed === null ? null : (
          <div className="two-answers">
            <section aria-label={`Then: ${nameOf(request.modelId)}`}>
              <h3 className="h3">{nameOf(request.modelId)}, then</h3>
              <p className="note">{numbers(request)}</p>
              <AnswerText text={answer ?? 'It was not kept.'} />
            </section>
            <section aria-label={`Now: ${nameOf(replayed.modelId)}`}>
              <h3 className="h3">{nameOf(replayed.modelId)}, now</h3>
              <p className="note">{numbers(replayed)}</p>
              <AnswerText text={replayed.text === '' ? 'It answered with nothing.' : replayed.text} />
            </section>
          </div>
        )}
      </Dialog>
    </section>
  );
}

function AnswerText({ text }: { readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <pre className="code wrapped replayed" tabIndex={0}>
      {text}
    </pre>
  );
}

function numbers(of: Pick<Replayed, 'ttftMs' | 'generationTokensPerSecond' | 'finishReason'> | LoggedRequest): string {
  return [
    of.ttftMs === null ? null : `first token after ${formatDuration(of.ttftMs)}`,
    of.generationTokensPerSecond === null ? null : formatTokensPerSecond(of.generationTokensPerSecond),
    of.finishReason === null ? null : `ended by ${of.finishReason}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
