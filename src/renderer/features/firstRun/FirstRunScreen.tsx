import { Check, Compass, MessageSquare, Ruler } from 'lucide-react';
import { formatGigabytes } from '#core/units.ts';
import { navigate } from '../../router.ts';
import { Brand } from '../../shell/Brand.tsx';
import { ConnectionBanner } from '../../shell/ConnectionBanner.tsx';
import { chatWith } from '../../shell/paletteCommands.ts';
import { chatStarter, starterModels } from '../../shell/starters.ts';
import { useLibrary } from '../../stores/library.ts';
import { updateSettings } from '../../stores/settings.ts';
import { useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { showError } from '../../ui/showError.ts';
import { MachineColumn } from './MachineColumn.tsx';
import { StarterList } from './StarterList.tsx';

/** Once: what this machine is, what is already here, and the main job one key away. */
export function FirstRunScreen() {
  const artifacts = useLibrary((state) => state.artifacts);
  const isReady = useLibrary((state) => state.state === 'ready');
  const hardware = useSystem((state) => state.hardware);
  const starters = starterModels(artifacts);
  const starter = chatStarter(starters);
  const bytes = starters.reduce((sum, artifact) => sum + artifact.sizeBytes, 0);
  const finish = (next: () => void): void => {
    next();
    updateSettings({ firstRunDone: true }).catch((thrown: unknown) => showError('The first run will show again', thrown));
  };
  return (
    <div className="win bare">
      <header className="titlebar">
        <Brand />
      </header>
      <main className="sheet first-run">
        <ConnectionBanner />
        <div className="hero">
          <div>
            <h1>Find the smallest model that does your job</h1>
            <p>
              {isReady
                ? `${countWords(starters.length)} already here, so it works offline. Nothing left this machine.`
                : 'Reading what is here. Nothing left this machine.'}
            </p>
          </div>
          <ol className="steps" aria-label="Steps">
            <li className={hardware === null ? 'on' : 'd'}>
              {hardware === null ? <b>1</b> : <Icon of={Check} size={15} />}
              {hardware === null ? 'Reading the machine' : 'Machine read'}
            </li>
            <li className={hardware === null ? undefined : 'on'}>
              <b>2</b>Benchmark
            </li>
            <li>
              <b>3</b>Verdict
            </li>
          </ol>
        </div>
        <div className="cols">
          <MachineColumn hardware={hardware} />
          <StarterList starters={starters} isReady={isReady} />
        </div>
        <footer className="act">
          <span className="note ell grow">{isReady ? `${formatGigabytes(bytes)} of starter models` : ''}</span>
          <Button size="lg" variant="ghost" onClick={() => finish(() => navigate({ screen: 'library' }, { replace: true }))}>
            Skip for now
          </Button>
          <Button
            size="lg"
            icon={Compass}
            onClick={() => finish(() => navigate({ screen: 'discover', repo: null, revision: null }, { replace: true }))}
          >
            Find a model
          </Button>
          <Button
            size="lg"
            icon={MessageSquare}
            disabled={starter === undefined}
            onClick={() => finish(() => (starter === undefined ? undefined : chatWith(starter.id)))}
          >
            Chat with the starter
          </Button>
          <Button
            size="lg"
            variant="primary"
            icon={Ruler}
            keys={['Enter']}
            autoFocus
            onClick={() => finish(() => navigate({ screen: 'benchmark' }, { replace: true }))}
          >
            Benchmark my models
          </Button>
        </footer>
      </main>
    </div>
  );
}

function countWords(count: number): string {
  if (count === 0) return 'No starter model is';
  return count === 1 ? 'A starter model is' : `${count} starter models are`;
}
