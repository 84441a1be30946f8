import { HardDrive, Lock, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { readName } from '#core/names/readName.ts';
import type { CatalogQuant, CatalogRepo, RemoteHeader } from '#shared/contract/catalog.ts';
import { navigate } from '../../router.ts';
import { loadAccess, useCatalog } from '../../stores/catalog.ts';
import { useLibrary } from '../../stores/library.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { OpenPage, OpenSettings } from './HubProblem.tsx';
import { type RepoNotice, repoNotices } from './repoNotices.ts';
import { useQuantOnDisk } from './useQuantOnDisk.ts';

interface RepoNoticesProps {
  readonly repo: CatalogRepo;
  readonly quant: CatalogQuant;
  readonly missing: string | null;
  readonly header: RemoteHeader | null;
  readonly onRefresh: () => void;
}

/** What is in the way of this repo, said before anything is fetched. */
export function RepoNotices({ repo, quant, missing, header, onRefresh }: RepoNoticesProps) {
  const access = useCatalog((state) => state.access[repo.repo]);
  const freeBytes = useLibrary((state) => state.disk?.freeBytes ?? null);
  const isInstalled = useQuantOnDisk(repo, quant).artifact !== undefined;
  const isVision = useMemo(() => repo.pipeline === 'image-text-to-text' || readName(repo.repo).modalities.includes('vision'), [repo]);
  const notices = repoNotices({ repo, quant, missing, header, access, isVision, freeBytes, isInstalled });
  if (notices.length === 0) return null;
  return (
    <div className="notices">
      {notices.map((notice) => (
        <Banner
          key={notice.id}
          tone={notice.tone}
          icon={notice.id === 'access' ? Lock : notice.id === 'disk' ? HardDrive : TriangleAlert}
          title={notice.title}
          actions={<Actions notice={notice} repo={repo} onRefresh={onRefresh} />}
        >
          {notice.text}
        </Banner>
      ))}
    </div>
  );
}

function Actions({ notice, repo, onRefresh }: { readonly notice: RepoNotice; readonly repo: CatalogRepo; readonly onRefresh: () => void }) {
  if (notice.actions.length === 0) return null;
  return <div className="row">{notice.actions.map(toButton)}</div>;

  function toButton(action: RepoNotice['actions'][number]) {
    switch (action) {
      case 'settings':
        return <OpenSettings key={action} />;
      case 'page':
        return <OpenPage key={action} url={repo.url} />;
      case 'check-again':
        return (
          <Button
            key={action}
            variant="ghost"
            onClick={() => {
              void loadAccess(repo.repo, { signal: new AbortController().signal });
              onRefresh();
            }}
          >
            Check again
          </Button>
        );
      case 'library':
        return (
          <Button key={action} onClick={() => navigate({ screen: 'library' })}>
            Free some space
          </Button>
        );
    }
  }
}
