import { PackageOpen } from 'lucide-react';
import { useState } from 'react';
import { formatGigabytes } from '#core/units.ts';
import type { AppName } from '#shared/contract/models.ts';
import { useLibrary } from '../../stores/library.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';

interface FoundInAppsProps {
  /** Shows only the models of these apps. */
  readonly onShow: () => void;
}

const storageKey = 'rightsize.library.appsSeen';

/** Says once for every app whose models were found that they are used where they lie. */
export function FoundInApps({ onShow }: FoundInAppsProps) {
  const apps = useLibrary((state) => state.apps);
  const [seen, setSeen] = useState(readSeen);
  const found = apps.filter((source) => source.isEnabled && source.artifactCount > 0);
  if (found.every((source) => seen.includes(source.app))) return null;
  const count = found.reduce((sum, source) => sum + source.artifactCount, 0);
  const bytes = found.reduce((sum, source) => sum + source.sizeBytes, 0);
  const dismiss = (): void => {
    const all = [...new Set([...seen, ...found.map((source) => source.app)])];
    setSeen(all);
    rememberSeen(all);
  };
  return (
    <div className="px-4 pt-3">
      <Banner
        tone="acc"
        icon={PackageOpen}
        title={`${count === 1 ? '1 model' : `${count} models`} found in other apps, ${formatGigabytes(bytes)} you already have`}
        actions={
          <>
            <Button variant="ghost" size="sm" onClick={dismiss}>
              Dismiss
            </Button>
            <Button
              size="sm"
              onClick={() => {
                dismiss();
                onShow();
              }}
            >
              Show {count}
            </Button>
          </>
        }
      >
        {found.map((source) => `${source.label} ${source.artifactCount}`).join(', ')}. Used in place: nothing is copied or moved.
      </Banner>
    </div>
  );
}

function readSeen(): readonly AppName[] {
  try {
    return (localStorage.getItem(storageKey) ?? '').split(',') as AppName[];
  } catch {
    return [];
  }
}

function rememberSeen(apps: readonly AppName[]): void {
  try {
    localStorage.setItem(storageKey, apps.join(','));
  } catch {
    // A page without storage says it again at the next start.
  }
}
