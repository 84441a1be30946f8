import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { sendTelemetry } from '../../../stores/benchmarks.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Checkbox } from '../../../ui/Checkbox.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/TextField.tsx';

type Sent = Awaited<ReturnType<typeof sendTelemetry>>;

/** Sends the run to a collector of the user's. Nothing is sent before the button is pressed. */
export function TelemetryDialog({ runId, onClose }: { readonly runId: string; readonly onClose: () => void }) {
  const [url, setUrl] = useState('http://127.0.0.1:4318');
  const [withContent, setWithContent] = useState(false);
  const [problem, setProblem] = useState<RpcErrorData | null>(null);
  const [sent, setSent] = useState<Sent | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isAddress = /^https?:\/\/[^\s/]+/.test(url.trim());
  async function send(): Promise<void> {
    setBusy(true);
    setProblem(null);
    setSent(null);
    try {
      setSent(await sendTelemetry({ runId, url: url.trim(), withContent }));
    } catch (thrown) {
      setProblem(toRpcErrorData(thrown));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Send to a collector"
      description="As OpenTelemetry traces, metrics and logs over HTTP (OTLP), once, to the address below."
    >
      <form
        className="telemetry"
        onSubmit={(event) => {
          event.preventDefault();
          if (isAddress) void send();
        }}
      >
        <TextField
          label="Address of the collector"
          value={url}
          type="url"
          inputMode="url"
          spellCheck={false}
          onChange={setUrl}
          error={isAddress || url.trim() === '' ? null : 'An address begins with http:// or https://.'}
        />
        <Checkbox checked={withContent} onChange={setWithContent}>
          Send questions, answers and tool calls along
        </Checkbox>
        {problem === null ? null : (
          <Banner tone="bad" title={problem.message}>
            {problem.hint}
          </Banner>
        )}
        {sent === null ? null : (
          <Banner {...(sent.warning == null ? {} : { tone: 'warn' })} title={sent.warning == null ? 'Sent' : 'Sent in part'}>
            {formatCount(sent.spans)} spans, {formatCount(sent.metrics)} metrics and {formatCount(sent.logs)} logs. {sent.warning}
          </Banner>
        )}
        <div className="actions">
          <Button variant="ghost" onClick={onClose}>
            {sent === null ? 'Cancel' : 'Close'}
          </Button>
          <Button variant="primary" type="submit" busy={isBusy} disabled={!isAddress}>
            {sent === null ? 'Send' : 'Send again'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
