import { Compass } from 'lucide-react';
import { navigate } from '../../router.ts';
import { useLibrary } from '../../stores/library.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';

/** Leads on where nothing is here but what came along. */
export function OnlyStarters() {
  const isAlone = useLibrary((state) => !state.scanning && state.artifacts.every((artifact) => artifact.owner === 'bundled'));
  if (!isAlone) return null;
  return (
    <div className="px-4 pt-3">
      <Banner
        tone="acc"
        icon={Compass}
        title="Only the starter models are here"
        actions={
          <Button size="sm" variant="primary" onClick={() => navigate({ screen: 'discover', repo: null, revision: null })}>
            Find a model
          </Button>
        }
      >
        They are tiny, made for trying a benchmark. Discover shows which larger ones fit this machine.
      </Banner>
    </div>
  );
}
