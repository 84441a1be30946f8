import { Copy, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { HandOver } from '#shared/contract/handOver.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { rpc } from '../stores/rpc.ts';
import { saveTextFile } from '../stores/saveTextFile.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copyText.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { ErrorState } from '../ui/ErrorState.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { showToast } from '../ui/toast.ts';
import './handOver.css';

interface HandOverDialogProps {
  readonly model: Pick<Artifact, 'id' | 'name' | 'quant'>;
  readonly onClose: () => void;
}

/** Ready commands and files that run a model without this app, as it is loaded here. */
export function HandOverDialog({ model, onClose }: HandOverDialogProps) {
  const [targets, setTargets] = useState<readonly HandOver[] | null>(null);
  const [problem, setProblem] = useState<RpcErrorData | null>(null);
  const [target, setTarget] = useState<HandOver['target']>('llama-server');
  useEffect(() => {
    const controller = new AbortController();
    rpc.call('models.handOver', { id: model.id }, { signal: controller.signal }).then(
      (read) => setTargets(read.targets),
      (thrown: unknown) => (controller.signal.aborted ? undefined : setProblem(toRpcErrorData(thrown))),
    );
    return () => controller.abort();
  }, [model.id]);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Run it elsewhere"
      description={`${model.name}${model.quant === null ? '' : ` ${model.quant}`} with the context and the sampling that it has here. Nothing is sent: these are texts to copy.`}
    >
      {problem === null ? null : <ErrorState title="There is nothing to hand over" error={problem} />}
      {targets === null && problem === null ? <Skeleton label="Planning how it would be loaded" rows={5} /> : null}
      {targets === null || targets.length === 0 ? null : (
        <Tabs
          label="Where it runs"
          className="hand-over"
          value={target}
          onChange={setTarget}
          tabs={targets.map((given) => ({ value: given.target, label: given.title, panel: <Target given={given} /> }))}
        />
      )}
    </Dialog>
  );
}

function Target({ given }: { readonly given: HandOver }) {
  return (
    <div className="target">
      {given.problem === null ? null : <Banner tone="warn" title={given.problem} />}
      {given.files.map((file) => (
        <Text key={file.name} title={file.name} text={file.text} fileName={file.name} />
      ))}
      {given.command === '' ? null : (
        <Text title={given.files.length === 0 ? 'Command' : 'Then type'} text={given.command} fileName={null} />
      )}
      {given.notes.length === 0 ? null : (
        <ul className="notes">
          {given.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface TextProps {
  readonly title: string;
  readonly text: string;
  /** Null for what is typed and not kept. */
  readonly fileName: string | null;
}

function Text({ title, text, fileName }: TextProps) {
  const copy = async (): Promise<void> => {
    if (await copyText(text)) showToast({ tone: 'done', title: `${title} is copied` });
    else showToast({ tone: 'warning', title: 'The browser did not let it copy', text: 'Mark the text and copy it by hand.' });
  };
  return (
    <section aria-label={title}>
      <div className="row spread">
        <h3 className={fileName === null ? 'h3' : 'h3 mono'}>{title}</h3>
        <span className="row">
          <Button size="sm" icon={Copy} aria-label={`Copy ${title}`} onClick={() => void copy()}>
            Copy
          </Button>
          {fileName === null ? null : (
            <Button
              size="sm"
              icon={Download}
              aria-label={`Save ${fileName}`}
              onClick={() => saveTextFile({ fileName, mediaType: 'text/plain', text })}
            >
              Save
            </Button>
          )}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <pre className="code" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}
