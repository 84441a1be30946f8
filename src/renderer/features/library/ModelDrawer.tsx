import { Ellipsis, MessageSquare, RefreshCw, Ruler, Share, ShieldCheck, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { formatParameters, formatScore, formatTokensPerSecond } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { isOtherApps, ownerLabel } from '#shared/ownerWords.ts';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { HandOverDialog } from '../../handOver/HandOverDialog.tsx';
import { navigate } from '../../router.ts';
import { chatWith } from '../../shell/paletteCommands.ts';
import { rpc } from '../../stores/rpc.ts';
import { changeDraft } from '../../stores/runDraft.ts';
import { Button } from '../../ui/Button.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { FitBadge } from '../../ui/FitBadge.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { showError } from '../../ui/showError.ts';
import { Tag } from '../../ui/Tag.tsx';
import { FitSection } from './FitSection.tsx';
import { InspectionSections } from './InspectionSections.tsx';
import { ModelFacts } from './ModelFacts.tsx';
import { OriginSection } from './OriginSection.tsx';
import { canRemove } from './removalWords.ts';
import { UpdateBanner } from './UpdateBanner.tsx';
import { useModelFit } from './useModelFit.ts';

interface ModelDrawerProps {
  readonly artifact: Artifact;
  readonly plan: FitPlan | null;
  readonly isLoaded: boolean;
  readonly takesFocus: boolean;
  readonly onClose: () => void;
  readonly onRemove: () => void;
  /** Shows another model instead. */
  readonly onSelect: (id: string) => void;
}

/** Everything known about one model. */
export function ModelDrawer({ artifact, plan, isLoaded, takesFocus, onClose, onRemove, onSelect }: ModelDrawerProps) {
  const model = useModelFit(artifact, plan);
  const usable = artifact.state === 'ready';
  const [handsOver, setHandsOver] = useState(false);
  const removable = canRemove(artifact);
  const isVerified = artifact.sha256 !== null && artifact.provenance?.verifiedAt != null;
  const rescan = (): void => {
    rpc.call('library.rescan', {}).catch((thrown: unknown) => showError('The folders were not read', thrown));
  };
  return (
    <Drawer title={artifact.name} onClose={onClose} takesFocus={takesFocus}>
      <div className="sec">
        <p className="sm">{summaryOf(artifact)}</p>
        <div className="flex flex-wrap gap-1 mt-2">
          {model.refined === null ? null : <FitBadge fit={model.refined.fit} short form="pill" />}
          {isLoaded ? (
            <Tag size="lg" tone="ok">
              loaded
            </Tag>
          ) : null}
          {artifact.score === null ? null : (
            <Tag size="lg" title={`95% interval, ${artifact.score.n} items of ${artifact.score.suite}`}>
              {formatScore(artifact.score)}
            </Tag>
          )}
          {artifact.speed?.generationTokensPerSecond == null ? null : (
            <Tag size="lg" title="Measured generation speed">
              {formatTokensPerSecond(artifact.speed.generationTokensPerSecond)}
            </Tag>
          )}
          {artifact.owner === 'bundled' ? <Tag size="lg">built in</Tag> : null}
        </div>
        <div className="row mt-3">
          <Button variant="primary" icon={MessageSquare} className="grow" disabled={!usable} onClick={() => chatWith(artifact.id)}>
            Chat
          </Button>
          <Button icon={Ruler} className="grow" disabled={!usable} onClick={() => benchmarkOnly(artifact.id)}>
            Benchmark
          </Button>
          <Menu
            align="end"
            trigger={<IconButton icon={Ellipsis} label="More actions" className="btn" />}
            actions={[
              { label: 'Run it elsewhere', icon: Share, disabled: !usable, run: () => setHandsOver(true) },
              { label: 'Read folders again', icon: RefreshCw, run: rescan },
              null,
              {
                label: 'Remove',
                icon: Trash2,
                danger: true,
                detail: removable ? 'Del' : 'built in',
                disabled: !removable,
                run: onRemove,
              },
            ]}
          />
        </div>
      </div>
      {artifact.problem === null ? null : (
        <div className="sec">
          <ErrorState
            title={artifact.state === 'missing' ? 'The file is gone' : 'This model cannot be used'}
            tone={artifact.state === 'missing' ? 'warn' : 'bad'}
            error={artifact.problem}
            actions={<Button onClick={rescan}>Read folders again</Button>}
          />
        </div>
      )}
      <UpdateBanner artifact={artifact} />
      {usable ? <FitSection artifact={artifact} plan={plan} model={model} onSelect={onSelect} /> : null}
      <ModelFacts artifact={artifact} />
      {artifact.owner === 'bundled' ? null : <OriginSection artifact={artifact} />}
      {artifact.state === 'ready' ? <InspectionSections key={artifact.id} artifact={artifact} /> : null}
      <div className="sec last">
        <div className="row spread">
          <span className={isVerified ? 'row gap-1 sm verified' : 'row gap-1 sm'}>
            <Icon of={ShieldCheck} size={15} />
            {isVerified ? 'SHA-256 verified' : 'SHA-256'}
          </span>
          <HashValue artifact={artifact} />
        </div>
      </div>
      {handsOver ? <HandOverDialog model={artifact} onClose={() => setHandsOver(false)} /> : null}
    </Drawer>
  );
}

function summaryOf(artifact: Artifact): string {
  const parts = [
    artifact.parameters === null ? null : `${formatParameters(artifact.parameters)} parameters`,
    artifact.architecture === null ? null : `${artifact.architecture} architecture`,
    artifact.publisher === null ? null : `packaged by ${artifact.publisher}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'What it is could not be read from its file.' : `${parts.join(', ')}.`;
}

/** The run of one model: the others are one click away on the setup screen. */
function benchmarkOnly(modelId: string): void {
  changeDraft({ modelIds: [modelId] });
  navigate({ screen: 'benchmark' });
}

function HashValue({ artifact }: { readonly artifact: Artifact }) {
  const { sha256, claimedSha256, state, owner } = artifact;
  if (sha256 !== null) {
    return (
      <span className="mono xs ink3" title={sha256}>
        {shortHash(sha256)}
      </span>
    );
  }
  if (state !== 'ready') return <span className="xs ink3">–</span>;
  if (!isOtherApps(owner) && owner !== 'hub-cache') return <span className="xs ink3">being read</span>;
  // Such files are read to their end only where that is needed.
  if (claimedSha256 == null) return <span className="xs ink3">not read</span>;
  return (
    <span className="xs ink3" title={claimedSha256}>
      <span className="mono">{shortHash(claimedSha256)}</span>, says {ownerLabel(owner)}
    </span>
  );
}

const shortHash = (sha256: string): string => `${sha256.slice(0, 8)}…${sha256.slice(-4)}`;
