import { Popover } from '@base-ui/react/popover';
import { Slider } from '@base-ui/react/slider';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { changeFilters, useCatalog } from '../../stores/catalog.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { sizeRange, sizeSteps, sizeStops, sizeWords } from './filterOptions.ts';

const last = sizeStops.length - 1;
const labelled: readonly number[] = [0.5, 1, 3, 8, 14, 32, 70];

/** The range of parameters, on a scale of usual sizes. */
export function SizeFilter() {
  const minParameters = useCatalog((state) => state.filters.minParameters);
  const maxParameters = useCatalog((state) => state.filters.maxParameters);
  const [dragged, setDragged] = useState<readonly [number, number] | null>(null);
  const range = { minParameters, maxParameters };
  const steps = dragged ?? sizeSteps(range);
  const shown = sizeRange(...steps);
  const isAny = minParameters === null && maxParameters === null;
  return (
    <Popover.Root>
      <Popover.Trigger className={isAny ? 'chip is-any' : 'chip on'} aria-label={`Size: ${sizeWords(range)}`}>
        Size <b>{sizeWords(range)}</b>
        <Icon of={ChevronDown} size={12} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer" sideOffset={4} align="start" collisionPadding={8}>
          <Popover.Popup className="pop popup size-filter" aria-label="Size">
            <div className="row spread">
              <span className="h3">Size</span>
              <span className="xs">{sizeWords(shown)}</span>
            </div>
            <Slider.Root
              value={steps}
              min={0}
              max={last}
              minStepsBetweenValues={1}
              onValueChange={([low = 0, high = last]) => setDragged([low, high])}
              onValueCommitted={([low = 0, high = last]) => {
                setDragged(null);
                changeFilters(sizeRange(low, high));
              }}
            >
              <Slider.Control className="slider">
                <Slider.Track className="tr">
                  <Slider.Indicator className="fill" />
                  {['Least', 'Most'].map((name, index) => (
                    <Slider.Thumb
                      key={name}
                      index={index}
                      className="th"
                      getAriaLabel={() => `${name} parameters`}
                      getAriaValueText={(_formatted, step) => stopWords(step)}
                    />
                  ))}
                </Slider.Track>
              </Slider.Control>
            </Slider.Root>
            <div className="ticks" aria-hidden="true">
              {labelled.map((billions) => (
                <span key={billions} style={{ left: `${(sizeStops.indexOf(billions) / last) * 100}%` }}>
                  {billions === 70 ? '70+' : billions}
                </span>
              ))}
            </div>
            <div className="row spread">
              <p className="note">Billions of parameters.</p>
              <Button
                size="sm"
                variant="ghost"
                disabled={isAny}
                onClick={() => changeFilters({ minParameters: null, maxParameters: null })}
              >
                Any size
              </Button>
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function stopWords(step: number): string {
  const stop = sizeStops[step] ?? 0;
  if (stop === 0) return 'no least';
  return Number.isFinite(stop) ? `${stop} billion` : 'no most';
}
