import { CircleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { Icon } from '../../ui/Icon.tsx';
import { Slider } from '../../ui/Slider.tsx';

interface NumberParameterProps {
  readonly label: string;
  readonly title: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  /** What may be typed. */
  readonly min: number;
  readonly max: number;
  readonly digits: number;
  /** What an empty field means; without it the field cannot be emptied. */
  readonly emptyWord?: string;
  /** Draws a slider over this range. */
  readonly slider?: { readonly min: number; readonly max: number; readonly step: number; readonly whenEmpty: number };
}

/** A label, a field with the exact number, and a slider for the usual range. */
export function NumberParameter({ label, title, value, onChange, min, max, digits, emptyWord, slider }: NumberParameterProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = typed ?? (value === null ? '' : digits === 0 ? value.toLocaleString('en') : value.toFixed(digits));

  function commit(): void {
    if (typed === null) return;
    const text = typed.replaceAll(/[\s,]/g, '');
    const number = Number(text);
    if (text === '' && emptyWord !== undefined) onChange(null);
    else if (text === '' || !Number.isFinite(number) || number < min || number > max || (digits === 0 && !Number.isInteger(number))) {
      setProblem(`Use ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`);
      return;
    } else onChange(number);
    setTyped(null);
    setProblem(null);
  }

  return (
    <div className="p">
      <div className="row spread">
        <label htmlFor={id} title={title}>
          {label}
        </label>
        <span className="input num">
          <input
            id={id}
            inputMode="decimal"
            autoComplete="off"
            placeholder={emptyWord}
            value={shown}
            aria-invalid={problem !== null || undefined}
            aria-describedby={problem === null ? undefined : `${id}-problem`}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
              if (event.key === 'Escape' && typed !== null) {
                event.preventDefault();
                setTyped(null);
                setProblem(null);
              }
            }}
          />
        </span>
      </div>
      {problem === null ? null : (
        <p className="problem" id={`${id}-problem`} role="alert">
          <Icon of={CircleAlert} size={13} />
          {problem}
        </p>
      )}
      {slider === undefined ? null : (
        <Slider
          label={label}
          min={slider.min}
          max={slider.max}
          step={slider.step}
          value={Math.min(slider.max, Math.max(slider.min, value ?? slider.whenEmpty))}
          onChange={(next) => {
            setTyped(null);
            setProblem(null);
            onChange(Number(next.toFixed(digits)));
          }}
          valueText={(current) => (value === null ? (emptyWord ?? '') : current.toFixed(digits))}
        />
      )}
    </div>
  );
}
