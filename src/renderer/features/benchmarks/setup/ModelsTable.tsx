import { formatDuration, formatGibibytes, formatGigabytes, formatParameters, formatScore, missing } from '#core/units.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { Button } from '../../../ui/Button.tsx';
import { Checkbox } from '../../../ui/Checkbox.tsx';
import type { RemoteModel } from './remoteModels.ts';

interface ModelsTableProps {
  /** Smallest first. */
  readonly models: readonly Artifact[];
  /** Behind the user's endpoints. */
  readonly remote: readonly RemoteModel[];
  /** Ids of both kinds. */
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: readonly string[]) => void;
  readonly estimate: Estimate | null;
}

/** What can be benchmarked, with the time each model takes in this run. */
export function ModelsTable({ models, remote, selected, onSelect, estimate }: ModelsTableProps) {
  const ready = models.filter((model) => model.state === 'ready');
  const chosen = ready.filter((model) => selected.has(model.id));
  const seconds = new Map(estimate?.perModel.map((row) => [row.modelId, row.seconds]));
  const longest = Math.max(0, ...[...seconds.values()].map((value) => value ?? 0));
  const chosenRemote = remote.filter((model) => selected.has(model.id)).map((model) => model.id);
  const chosenIds = [...chosen.map((model) => model.id), ...chosenRemote];
  const toggle = (id: string): void => onSelect(selected.has(id) ? chosenIds.filter((one) => one !== id) : [...chosenIds, id]);
  // A remote model costs money or somebody's time: it is chosen one by one.
  const selectAll = (): void => onSelect([...ready.map((model) => model.id), ...chosenRemote]);
  return (
    <section aria-label="Models">
      <div className="row spread section-head">
        <h2 className="h2">
          Models{' '}
          <span className="ink3">
            {chosenIds.length} of {models.length + remote.length}
          </span>
        </h2>
        <div className="row row-1">
          <Button variant="ghost" size="sm" onClick={selectAll}>
            All
          </Button>
          <Button variant="ghost" size="sm" onClick={() => onSelect([])}>
            None
          </Button>
        </div>
      </div>
      <table className="tbl models">
        <thead>
          <tr>
            <th scope="col">
              <Checkbox
                label="All models"
                checked={chosen.length === ready.length && ready.length > 0}
                mixed={chosen.length > 0 && chosen.length < ready.length}
                onChange={(all) => (all ? selectAll() : onSelect(chosenRemote))}
              />
            </th>
            <th scope="col">Model</th>
            <th scope="col">Quant</th>
            <th scope="col" className="r wide">
              Parameters
            </th>
            <th scope="col" className="r">
              Size
            </th>
            <th scope="col" className="r mid" title="Peak memory, measured in an earlier run">
              Memory
            </th>
            <th scope="col" className="mid">
              Best score
            </th>
            <th scope="col">Time for this run</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => {
            const isOn = selected.has(model.id) && model.state === 'ready';
            const time = seconds.get(model.id) ?? null;
            return (
              <tr key={model.id} className={isOn ? undefined : 'dim'}>
                <td>
                  <Checkbox
                    label={`${model.name} ${model.quant ?? ''}`.trim()}
                    checked={isOn}
                    disabled={model.state !== 'ready'}
                    onChange={() => toggle(model.id)}
                  />
                </td>
                <td className="ink">
                  <span className="ell" title={model.path}>
                    {model.name}
                  </span>
                </td>
                <td className="mono q">{model.quant ?? missing}</td>
                <td className="r wide">{formatParameters(model.parameters)}</td>
                <td className="r">{formatGigabytes(model.sizeBytes)}</td>
                <td className="r mid">{formatGibibytes(model.speed?.peakMemoryBytes)}</td>
                <td className="mid">
                  {model.state === 'ready' ? (
                    scoreWords(model)
                  ) : (
                    <span className="warn-words" title={model.problem?.message}>
                      {model.state === 'missing' ? 'File missing' : 'Cannot be loaded'}
                    </span>
                  )}
                </td>
                <td>
                  {time === null || !isOn ? (
                    missing
                  ) : (
                    <span className="tm">
                      <span className="bar" aria-hidden="true">
                        <i style={{ width: `${longest === 0 ? 0 : (time / longest) * 100}%` }} />
                      </span>
                      {formatDuration(time * 1000)}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
          {remote.length === 0 ? null : (
            <tr className="remote-head">
              <td colSpan={8}>Remote: questions are sent to the server, and may cost money there</td>
            </tr>
          )}
          {remote.map((model) => {
            const isOn = selected.has(model.id);
            return (
              <tr key={model.id} className={isOn ? undefined : 'dim'}>
                <td>
                  <Checkbox label={`${model.name} at ${model.endpoint}`} checked={isOn} onChange={() => toggle(model.id)} />
                </td>
                <td className="ink">
                  <span className="ell" title={model.name}>
                    {model.name}
                  </span>
                </td>
                <td className="server" title={model.endpoint}>
                  {model.endpoint}
                </td>
                <td className="r wide">{missing}</td>
                <td className="r">{missing}</td>
                <td className="r mid">{missing}</td>
                <td className="mid">{missing}</td>
                <td>{isOn ? timeWords(seconds.get(model.id) ?? null) : missing}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function timeWords(seconds: number | null): string {
  return seconds === null ? missing : formatDuration(seconds * 1000);
}

function scoreWords(model: Artifact): string {
  return model.score === null ? missing : formatScore(model.score);
}
