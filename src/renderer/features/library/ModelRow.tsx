import type { ReactNode } from 'react';
import { formatGigabytes, formatParameters, formatPercent } from '#core/units.ts';
import type { Artifact, Owner } from '#shared/contract/models.ts';
import { isOtherApps, ownerLabel } from '#shared/ownerWords.ts';
import { type ArtifactFit, artifactFit } from '../../fit/artifactFit.ts';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { chatWith } from '../../shell/paletteCommands.ts';
import { shapeOf, useFit } from '../../stores/fit.ts';
import { FitBadge } from '../../ui/FitBadge.tsx';
import { fitWords } from '../../ui/fitWords.ts';
import { contextShort, dayShort, speedShort, whenShort } from '../../ui/shortForms.ts';
import { Tag } from '../../ui/Tag.tsx';
import type { ColumnHead, LibraryColumn } from './columns.ts';

interface ModelRowProps {
  readonly id: string;
  readonly rowIndex: number;
  readonly model: Artifact;
  readonly columns: readonly ColumnHead[];
  readonly plan: FitPlan | null;
  readonly isLoaded: boolean;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

/** Where the full name would push the model's own aside. */
const shortLabels: Partial<Record<Owner, string>> = { 'hub-cache': 'HF cache', docker: 'Docker' };

export function ModelRow({ id, rowIndex, model, columns, plan, isLoaded, isSelected, onSelect }: ModelRowProps) {
  const now = Date.now();
  const known = useFit((state) => shapeOf(state.shapes, model));
  const fit = artifactFit(model, known, plan);
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
      {columns.map((column) =>
        column.id === 'name' ? (
          <NameCell key={column.id} model={model} fit={fit} isLoaded={isLoaded} isSelected={isSelected} />
        ) : (
          <td key={column.id} className={classesOf(column, model)}>
            {column.id === 'fit' ? <FitCell fit={fit} /> : cellText(column.id, model, now)}
          </td>
        ),
      )}
    </tr>
  );
}

function NameCell({ model, fit, isLoaded, isSelected }: Pick<ModelRowProps, 'model' | 'isLoaded' | 'isSelected'> & FitProps) {
  return (
    <td className="nm c-name">
      <span className="nm-in">
        <FitGlyph fit={fit} />
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
  );
}

interface FitProps {
  readonly fit: ArtifactFit;
}

/** Holds its place while the header is read, so that no name moves. */
function FitGlyph({ fit }: FitProps) {
  if (fit.state === 'known') return <FitBadge fit={fit.fit} form="glyph" />;
  if (fit.state === 'reading') return <span className="no-fit" aria-hidden="true" />;
  return (
    <span className="no-fit" title={fit.reason}>
      <span aria-hidden="true">–</span>
      <span className="sr">Fit unknown.</span>
    </span>
  );
}

function FitCell({ fit }: FitProps) {
  if (fit.state === 'known') return <span title={fitWords(fit.fit).words}>{fitWords(fit.fit).short}</span>;
  return <span title={fit.state === 'unknown' ? fit.reason : 'Not known yet'}>–</span>;
}

function classesOf({ id, isNumber }: ColumnHead, model: Artifact): string {
  const extra: Partial<Record<LibraryColumn, string>> = {
    fit: 'ell',
    publisher: 'ell',
    quant: 'mono q',
    size: 'ink',
    score: model.score === null ? '' : 'ink',
  };
  return [`c-${id}`, isNumber === true ? 'r' : '', extra[id] ?? ''].filter(Boolean).join(' ');
}

function cellText(column: Exclude<LibraryColumn, 'name' | 'fit'>, model: Artifact, now: number): ReactNode {
  switch (column) {
    case 'publisher':
      return model.owner === 'bundled' ? 'built in' : (model.publisher ?? '–');
    case 'quant':
      return model.quant ?? '–';
    case 'parameters':
      return formatParameters(model.parameters);
    case 'size':
      return formatGigabytes(model.sizeBytes);
    case 'context':
      return contextShort(model.contextTokens);
    case 'added':
      return dayShort(model.addedAt, now);
    case 'used':
      return model.lastUsedAt === null ? 'never' : whenShort(model.lastUsedAt, now);
    case 'speed':
      return speedShort(model.speed?.generationTokensPerSecond);
    case 'score':
      return formatPercent(model.score?.passRate);
  }
}
