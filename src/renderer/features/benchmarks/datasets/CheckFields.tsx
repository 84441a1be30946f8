import { useId, useState } from 'react';
import { isJsonObject, readJson } from '#core/bench/jsonValue.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { Checkbox } from '../../../ui/Checkbox.tsx';
import { Select } from '../../../ui/Select.tsx';
import { DraftField } from './DraftField.tsx';
import { type GraderSetting, graderChoices, graderOf, graderSetting, graderWords, withGrader, withGraderSetting } from './graderChoices.ts';

interface CheckFieldsProps {
  readonly row: DatasetItem;
  readonly isReadOnly: boolean;
  readonly onChange: (change: (row: DatasetItem) => DatasetItem) => void;
}

/** How the answer is checked, in plain words, with the settings of that check. */
export function CheckFields({ row, isReadOnly, onChange }: CheckFieldsProps) {
  const hintId = useId();
  const value = graderOf(row);
  const settings: readonly GraderSetting[] = value === 'other' ? [] : graderChoices[value].settings;
  const own = value === 'other' ? [{ value: 'other' as const, label: `As in its file: ${graderWords(row)}` }] : [];
  const choices = (Object.keys(graderChoices) as (keyof typeof graderChoices)[]).map((key) => ({
    value: key,
    label: graderChoices[key].label,
  }));
  return (
    <>
      <div className="field">
        <span className="field-label">Checked by</span>
        <Select
          label="Checked by"
          className="check-select"
          value={value}
          disabled={isReadOnly}
          onChange={(next) => {
            if (next !== 'other') onChange((one) => withGrader(one, next));
          }}
          options={[...own, ...choices]}
        />
        <p className="note" id={hintId}>
          {value === 'other' ? 'This check came with a file. It is kept as it is.' : graderChoices[value].hint}
        </p>
      </div>
      {settings.includes('pattern') ? (
        <DraftField
          key={`pattern-${row.id}`}
          label="Pattern"
          isCode
          value={String(graderSetting(row, 'pattern') ?? '')}
          onCommit={(text) => onChange((one) => withGraderSetting(one, 'pattern', text === '' ? undefined : text))}
        />
      ) : null}
      {settings.includes('tolerance') ? (
        <DraftField
          key={`tolerance-${row.id}`}
          label="Tolerance"
          hint="Share of the number that it may be off: 0.01 is one percent. Empty is next to nothing."
          value={String(graderSetting(row, 'tolerance') ?? '')}
          onCommit={(text) => {
            const tolerance = Number(text);
            onChange((one) => withGraderSetting(one, 'tolerance', text.trim() === '' || !(tolerance >= 0) ? undefined : tolerance));
          }}
        />
      ) : null}
      {settings.includes('ignoreCase') ? (
        <Checkbox
          checked={graderSetting(row, 'ignoreCase') === true}
          disabled={isReadOnly}
          onChange={(on) => onChange((one) => withGraderSetting(one, 'ignoreCase', on ? true : undefined))}
        >
          Upper and lower case are the same
        </Checkbox>
      ) : null}
      {settings.includes('schema') || row.schema != null ? <SchemaField key={`schema-${row.id}`} row={row} onChange={onChange} /> : null}
    </>
  );
}

function SchemaField({ row, onChange }: Pick<CheckFieldsProps, 'row' | 'onChange'>) {
  const [error, setError] = useState<string | null>(null);
  return (
    <DraftField
      label="JSON Schema"
      isLong
      isCode
      value={row.schema == null ? '' : JSON.stringify(row.schema, null, 1)}
      error={error}
      onCommit={(text) => {
        if (text.trim() === '') {
          setError(null);
          return onChange((one) => ({ ...one, schema: null }));
        }
        const reading = readJson(text);
        if (!reading.ok || !isJsonObject(reading.value)) return setError('This is no JSON object. The schema stays as it was.');
        const schema = reading.value as DatasetItem['schema'];
        setError(null);
        onChange((one) => ({ ...one, schema }));
      }}
    />
  );
}
