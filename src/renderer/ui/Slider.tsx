import { Slider as Base } from '@base-ui/react/slider';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly disabled?: boolean;
  /** How the value is read out, with its unit. */
  readonly valueText?: (value: number) => string;
}

export function Slider({ label, value, onChange, min, max, step = 1, disabled = false, valueText }: SliderProps) {
  return (
    <Base.Root value={value} min={min} max={max} step={step} disabled={disabled} onValueChange={(next) => onChange(next)} className="grow">
      <Base.Control className="slider">
        <Base.Track className="tr">
          <Base.Indicator className="fill" />
          <Base.Thumb
            className="th"
            getAriaLabel={() => label}
            {...(valueText ? { getAriaValueText: (_formatted: string, current: number) => valueText(current) } : {})}
          />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  );
}
