import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Price, PriceTable } from '#shared/contract/benchmarkResults.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { loadPrices, loadResults, savePrices } from '../../../../stores/benchmarks.ts';
import { Banner } from '../../../../ui/Banner.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { ErrorState } from '../../../../ui/ErrorState.tsx';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { Skeleton } from '../../../../ui/Skeleton.tsx';
import { TextField } from '../../../../ui/TextField.tsx';
import { useAsked } from '../useAsked.ts';
import { formatDay } from './costWords.ts';
import { type DraftPrice, draftOf, emptyPrice, pricesOf } from './draftPrices.ts';

interface PricesDialogProps {
  readonly runId: string;
  readonly onClose: () => void;
}

/** The user's own price table: what hosted models cost, and what electricity does. */
export function PricesDialog({ runId, onClose }: PricesDialogProps) {
  const { answer, again } = useAsked('prices', loadPrices);
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="Prices"
      description="Per million tokens, as you read them on the day you enter them. They stay on this machine."
      {...(answer.state === 'ready' ? {} : { actions: <Button onClick={onClose}>Close</Button> })}
    >
      {answer.state === 'loading' ? <Skeleton label="Reading the prices" rows={4} /> : null}
      {answer.state === 'failed' ? (
        <ErrorState
          title="The prices could not be read"
          error={answer.problem}
          actions={
            <Button size="sm" onClick={again}>
              Try again
            </Button>
          }
        />
      ) : null}
      {answer.state === 'ready' ? <PriceForm table={answer.value} runId={runId} onClose={onClose} /> : null}
    </Dialog>
  );
}

function PriceForm({ table, runId, onClose }: PricesDialogProps & { readonly table: PriceTable }) {
  const [rows, setRows] = useState<readonly DraftPrice[]>(() => table.prices.map(draftOf));
  const [electricity, setElectricity] = useState(table.electricityPerKwh === null ? '' : String(table.electricityPerKwh));
  const [currency, setCurrency] = useState(table.currency);
  const [problem, setProblem] = useState<RpcErrorData | null>(null);
  const [isBusy, setBusy] = useState(false);
  const read = pricesOf({ rows, electricity, currency, today: new Date().toISOString().slice(0, 10) });

  async function save(): Promise<void> {
    if ('problem' in read) return setProblem({ code: 'invalid-input', message: read.problem });
    setBusy(true);
    try {
      await savePrices(read.table);
      void loadResults(runId);
      onClose();
    } catch (thrown) {
      setProblem(toRpcErrorData(thrown));
    } finally {
      setBusy(false);
    }
  }
  const change = (key: string, values: Partial<DraftPrice>): void =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...values } : row)));

  return (
    <form
      className="prices"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="row">
        <TextField label="Electricity, per kWh" inputMode="decimal" value={electricity} placeholder="left out" onChange={setElectricity} />
        <TextField label="Currency" value={currency} maxLength={8} onChange={setCurrency} />
      </div>
      <div className="price-rows">
        {rows.length === 0 ? <p className="sm none">No hosted models yet.</p> : null}
        {rows.length === 0 ? null : (
          <div className="price-row price-head" aria-hidden="true">
            <span>Model</span>
            <span>In</span>
            <span>Out</span>
            <span>Entered</span>
          </div>
        )}
        {rows.map((row, index) => (
          <div key={row.key} className="price-row">
            <TextField
              label={`Model ${index + 1}`}
              labelHidden
              placeholder="Model"
              value={row.model}
              maxLength={120}
              onChange={(model) => change(row.key, { model })}
            />
            <TextField
              label={`Price of input of ${row.model || `model ${index + 1}`}`}
              labelHidden
              placeholder="in"
              inputMode="decimal"
              value={row.input}
              onChange={(input) => change(row.key, { input })}
            />
            <TextField
              label={`Price of output of ${row.model || `model ${index + 1}`}`}
              labelHidden
              placeholder="out"
              inputMode="decimal"
              value={row.output}
              onChange={(output) => change(row.key, { output })}
            />
            <span className="note nowrap">{enteredOn(row)}</span>
            <IconButton
              icon={Trash2}
              size="sm"
              label={`Remove ${row.model || `model ${index + 1}`}`}
              onClick={() => setRows(rows.filter((one) => one !== row))}
            />
          </div>
        ))}
      </div>
      <Button size="sm" icon={Plus} className="add" onClick={() => setRows([...rows, emptyPrice()])}>
        Add a model
      </Button>
      {problem === null ? null : (
        <Banner tone="bad" title={problem.message}>
          {problem.hint}
        </Banner>
      )}
      <div className="actions">
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="primary" type="submit" busy={isBusy}>
          Save prices
        </Button>
      </div>
    </form>
  );
}

/** Of a price that was changed: today, once it is saved. */
function enteredOn(row: DraftPrice): string {
  const kept: Price | null = row.kept;
  const isKept = kept !== null && row.input === String(kept.inputPerMillion) && row.output === String(kept.outputPerMillion);
  return isKept ? formatDay(kept.enteredOn) : 'today';
}
