import { Copy, Gauge } from 'lucide-react';
import { useEffect } from 'react';
import { useModels } from '../../stores/models.ts';
import { measureHardware, readHardware, useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { whenShort } from '../../ui/shortForms.ts';
import { showError } from '../../ui/showError.ts';
import { useNow } from '../../ui/useNow.ts';
import { copyReport } from './copyReport.ts';
import { EngineCard } from './EngineCard.tsx';
import { LiveCharts } from './LiveCharts.tsx';
import { LoadedModels } from './LoadedModels.tsx';
import { MachineFacts } from './MachineFacts.tsx';

/** What this machine is and what it is doing now. */
export function HardwareScreen() {
  const { hardware, hardwareProblem, measuring } = useSystem();
  const loadedCount = useModels((state) => state.loaded.filter((model) => model.state === 'ready').length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is free, and which engine runs, changes with what is loaded
  useEffect(() => void readHardware({ refresh: false }), [loadedCount]);
  const now = useNow();
  const measuredAt = hardware?.memory.bandwidthMeasuredAt ?? null;
  const measure = (): void => {
    measureHardware().catch((thrown: unknown) => showError('The machine was not measured', thrown));
  };
  return (
    <>
      <div className="bar-top">
        <h1>Hardware</h1>
        {hardware === null ? null : (
          <span className="sub ell" role="status">
            {measuring ? 'measuring' : measuredAt === null ? 'memory speed not measured yet' : `measured ${whenShort(measuredAt, now)}`}
          </span>
        )}
        <div className="end">
          <Button icon={Gauge} busy={measuring} disabled={hardware === null} onClick={measure}>
            {measuredAt === null ? 'Measure' : 'Measure again'}
          </Button>
          <Button icon={Copy} disabled={hardware === null} onClick={() => void copyReport()}>
            Copy report
          </Button>
        </div>
      </div>
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
            <LoadedModels hardware={hardware} />
            <EngineCard hardware={hardware} />
          </div>
        </div>
      )}
    </>
  );
}
