import { formatGigabytes, formatParameters, formatPercent } from '#core/units.ts';
import type { Artifact, Owner } from '#shared/contract/models.ts';
import { isOtherApps, ownerLabel } from '#shared/ownerWords.ts';
import { chatWith } from '../../shell/paletteCommands.ts';
import { contextShort, dayShort, speedShort, whenShort } from '../../ui/shortForms.ts';
import { Tag } from '../../ui/Tag.tsx';

interface ModelRowProps {
  readonly id: string;
  readonly rowIndex: number;
  readonly model: Artifact;
  readonly isLoaded: boolean;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

/** Where the full name would push the model's own aside. */
const shortLabels: Partial<Record<Owner, string>> = { 'hub-cache': 'HF cache', docker: 'Docker' };

export function ModelRow({ id, rowIndex, model, isLoaded, isSelected, onSelect }: ModelRowProps) {
  const now = Date.now();
  return (
    <tr
      id={id}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      className={isSelected ? 'sel' : model.state === 'ready' ? undefined : 'dim'}
      onClick={onSelect}
      onDoubleClick={() => {
        if (model.state === 'ready') chatWith(model.id);
      }}
    >
      <td className="nm">
        <span className="nm-in">
          <span className={isSelected ? 'ink med ell' : 'ink ell'} title={model.name}>
            {model.name}
          </span>
          {isLoaded ? <Tag tone="ok">loaded</Tag> : null}
          {isOtherApps(model.owner) || model.owner === 'hub-cache' ? (
            <span className="owner">
              <Tag title={`${ownerLabel(model.owner)} keeps its file`}>{shortLabels[model.owner] ?? ownerLabel(model.owner)}</Tag>
            </span>
          ) : null}
          {model.update === null ? null : <Tag tone="acc">update</Tag>}
          {model.state === 'broken' ? <Tag tone="bad">damaged</Tag> : null}
          {model.state === 'missing' ? <Tag tone="warn">missing</Tag> : null}
        </span>
      </td>
      <td className="ell">{model.owner === 'bundled' ? 'built in' : (model.publisher ?? '–')}</td>
      <td className="mono q">{model.quant ?? '–'}</td>
      <td className="r">{formatParameters(model.parameters)}</td>
      <td className="r ink">{formatGigabytes(model.sizeBytes)}</td>
      <td className="r">{contextShort(model.contextTokens)}</td>
      <td className="r">{dayShort(model.addedAt, now)}</td>
      <td className="r">{model.lastUsedAt === null ? 'never' : whenShort(model.lastUsedAt, now)}</td>
      <td className="r">{speedShort(model.speed?.generationTokensPerSecond)}</td>
      <td className={model.score === null ? 'r' : 'r ink'}>{formatPercent(model.score?.passRate)}</td>
    </tr>
  );
}
