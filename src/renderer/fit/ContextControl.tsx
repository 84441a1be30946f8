import { NumberField } from '@base-ui/react/number-field';
import type { ReactNode } from 'react';
import { formatCount } from '#core/units.ts';
import { commitOnEnter } from '../ui/commitOnEnter.ts';
import { Slider } from '../ui/Slider.tsx';
import { contextShort } from '../ui/shortForms.ts';
import { contextScale, contextTicks, stepOf, tokensAt } from './contextScale.ts';

interface ContextControlProps {
  readonly tokens: number;
  /** Null = unknown. */
  readonly trainedTokens: number | null;
  /** Largest context that still fits as well as this one; null = none, or unknown. */
  readonly fitsUpTo: number | null;
  readonly onChange: (tokens: number) => void;
  readonly note: ReactNode;
  /** What it leads to, read out with the value: `RAM only`. */
  readonly outcome?: string;
  /** One below the other, where there is no room beside. */
  readonly isStacked?: boolean;
}

/** How much is kept in mind: a field for the number, a slider of doublings, hatched where it would no longer fit. */
export function ContextControl({ tokens, trainedTokens, fitsUpTo, onChange, note, outcome, isStacked = false }: ContextControlProps) {
  const scale = contextScale(trainedTokens);
  const last = scale.stops.length - 1;
  const over = fitsUpTo === null || fitsUpTo >= scale.most ? 0 : 1 - stepOf(scale, fitsUpTo) / last;
  return (
    <div className={isStacked ? 'ctx stacked' : 'ctx'}>
      <span className="h3">Context</span>
      <NumberField.Root
        value={tokens}
        min={128}
        max={scale.most}
        onValueCommitted={(next) => {
          if (next !== null) onChange(Math.round(next));
        }}
      >
        <NumberField.Input className="input num context-field" aria-label="Context in tokens" onKeyDown={commitOnEnter} />
      </NumberField.Root>
      <div className="slw">
        <Slider
          label="Context length"
          value={stepOf(scale, tokens)}
          min={0}
          max={Math.max(1, last)}
          onChange={(step) => onChange(tokensAt(scale, step))}
          valueText={(step) => `${formatCount(tokensAt(scale, step))} tokens${outcome === undefined ? '' : `, ${outcome}`}`}
        />
        {over > 0 ? <b className="over" style={{ width: `${over * 100}%` }} aria-hidden="true" /> : null}
        <div className="ticks" aria-hidden="true">
          {contextTicks(scale).map((tick) => (
            <span key={tick.tokens} className="tick" style={{ left: `${tick.share * 100}%` }}>
              <i />
              {contextShort(tick.tokens)}
            </span>
          ))}
        </div>
      </div>
      <span className="note">{note}</span>
    </div>
  );
}
