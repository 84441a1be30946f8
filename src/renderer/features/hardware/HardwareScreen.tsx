import { Copy, Gauge } from 'lucide-react';
import { useState } from 'react';
import type { WhatFits } from '#core/fit/reference/whatFits.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { usualContextTokens } from '../../fit/fitPlan.ts';
import { useFitMachine } from '../../fit/useFitPlan.ts';
import { useFreshMachine } from '../../fit/useFreshMachine.ts';
import { useSettings } from '../../stores/settings.ts';
import { measureHardware, readHardware, useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { whenShort } from '../../ui/shortForms.ts';
import { showError } from '../../ui/showError.ts';
import { useNow } from '../../ui/useNow.ts';
import { copyReport } from './copyReport.ts';
import { EngineCard } from './EngineCard.tsx';
import { InShort } from './InShort.tsx';
import { LiveCharts } from './LiveCharts.tsx';
import { LoadedModels } from './LoadedModels.tsx';
import { MachineFacts } from './MachineFacts.tsx';
import { RecentLoads } from './RecentLoads.tsx';
import { useMeasureOnce } from './useMeasureOnce.ts';
import { useWhatFits } from './useWhatFits.ts';
import { WhatFitsCard } from './WhatFitsCard.tsx';
import './hardware.css';

/** What this machine is, what it is doing now and what fits it. */
export function HardwareScreen() {
  const { hardware, hardwareProblem, measuring } = useSystem();
  useFreshMachine();
  useMeasureOnce();
  const machine = useFitMachine();
  const usual = useSettings((state) => state.settings?.contextTokens ?? usualContextTokens);
  const isOff = useSettings((state) => state.settings?.gpu === 'off');
  const [chosen, setChosen] = useState<{ readonly contextTokens?: number; readonly withGpu?: boolean }>({});
  const contextTokens = chosen.contextTokens ?? usual;
  const withGpu = chosen.withGpu ?? true;
  const grid = useWhatFits(machine, { contextTokens, withGpu });
  return (
    <>
      <TopBar hardware={hardware} measuring={measuring} grid={grid} />
      {hardware === null && hardwareProblem === null ? <Skeleton label="Reading the machine" rows={6} /> : null}
      {hardware === null && hardwareProblem !== null ? (
        <div className="p-4">
          <ErrorState
            title="The machine could not be read"
            error={hardwareProblem}
            actions={<Button onClick={() => void readHardware({ refresh: true })}>Read again</Button>}
          />
        </div>
      ) : null}
      {hardware === null ? null : (
        <div className="hw scroll">
          <MachineFacts hardware={hardware} />
          <LiveCharts hardware={hardware} />
          <div className="hw-bottom">
            <WhatFitsCard
              grid={grid}
              contextTokens={contextTokens}
              onContext={(tokens) => setChosen({ ...chosen, contextTokens: tokens })}
              withGpu={withGpu}
              onWithGpu={(next) => setChosen({ ...chosen, withGpu: next })}
              hasGpu={machine?.gpu != null}
              gpuLeftOut={gpuLeftOut(hardware, { isPlanned: machine?.gpu != null, isOff })}
            />
            <div className="hw-side">
              <LoadedModels hardware={hardware} />
              <EngineCard hardware={hardware} />
              {grid === null ? null : <InShort grid={grid} hardware={hardware} />}
            </div>
          </div>
          <RecentLoads hardware={hardware} />
        </div>
      )}
    </>
  );
}

function gpuLeftOut(hardware: Hardware, { isPlanned, isOff }: { readonly isPlanned: boolean; readonly isOff: boolean }): string | null {
  if (isPlanned || hardware.gpus.length === 0) return null;
  return isOff ? 'in RAM alone: the GPU is off in the settings' : 'in RAM alone: the GPU does not tell how much memory it has';
}

function measuredWords({ memory }: Hardware, now: number): string {
  if (memory.bandwidthMeasuredAt === null) return 'memory speed not measured yet';
  const when = whenShort(memory.bandwidthMeasuredAt, now);
  return memory.bandwidthIsLeast === true ? `measured ${when}, while other programs were busy` : `measured ${when}`;
}

interface TopBarProps {
  readonly hardware: Hardware | null;
  readonly measuring: boolean;
  readonly grid: WhatFits | null;
}

function TopBar({ hardware, measuring, grid }: TopBarProps) {
  const now = useNow();
  const measuredAt = hardware?.memory.bandwidthMeasuredAt ?? null;
  const measure = (): void => {
    measureHardware().catch((thrown: unknown) => showError('The machine was not measured', thrown));
  };
  return (
    <div className="bar-top">
      <h1>Hardware</h1>
      {hardware === null ? null : (
        <span className="sub ell" role="status">
          {measuring ? 'measuring' : measuredWords(hardware, now)}
        </span>
      )}
      <div className="end">
        <Button icon={Gauge} busy={measuring} disabled={hardware === null} onClick={measure}>
          {measuredAt === null ? 'Measure' : 'Measure again'}
        </Button>
        <Button icon={Copy} disabled={hardware === null} onClick={() => void copyReport(grid)}>
          Copy report
        </Button>
      </div>
    </div>
  );
}
