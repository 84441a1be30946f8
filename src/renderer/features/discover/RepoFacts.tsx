import { BadgeCheck, Lock } from 'lucide-react';
import { readName } from '#core/names/readName.ts';
import { formatCount, formatParameters } from '#core/units.ts';
import type { CatalogRepo } from '#shared/contract/catalog.ts';
import { navigate } from '../../router.ts';
import { changeFilters, useCatalog } from '../../stores/catalog.ts';
import { opensOutside } from '../../ui/opensOutside.ts';
import { Tag } from '../../ui/Tag.tsx';
import { useNow } from '../../ui/useNow.ts';
import { agoWords, downloadsWords, licenseWords } from './quantWords.ts';

/** What the hub tells of a repo, as read-only facts. */
export function RepoFacts({ repo }: { readonly repo: CatalogRepo }) {
  const now = useNow();
  const isFiltered = useCatalog((state) => state.filters.publishers.includes(repo.publisher));
  const isSizeInName = readName(repo.repo).parameters.total !== null;
  const { freshness } = repo;
  return (
    <div className="repo-facts">
      {repo.isTrusted ? <Tag icon={BadgeCheck}>Trusted publisher</Tag> : null}
      {repo.gated === 'no' ? null : (
        <Tag tone="warn" icon={Lock}>
          {repo.gated === 'auto' ? 'Gated: accept the license' : 'Gated: ask for access'}
        </Tag>
      )}
      <License repo={repo} />
      {repo.parameters === null || isSizeInName ? null : (
        <Tag title="By the header of a file">{formatParameters(repo.parameters)} parameters</Tag>
      )}
      {repo.contextTokens === null ? null : <Tag>Context up to {formatCount(repo.contextTokens)}</Tag>}
      {repo.downloads === null ? null : <Tag title="Last 30 days">{downloadsWords(repo.downloads)}</Tag>}
      {repo.updatedAt === null ? null : <Tag>Updated {agoWords(repo.updatedAt, now)}</Tag>}
      {freshness.source === 'cache' && freshness.isOffline ? <Tag tone="warn">Cached {agoWords(freshness.fetchedAt, now)}</Tag> : null}
      {isFiltered ? null : (
        <button
          type="button"
          className="tag link"
          onClick={() => {
            changeFilters({ publishers: [repo.publisher] });
            navigate({ screen: 'discover', repo: null, revision: null });
          }}
        >
          More by {repo.publisher}
        </button>
      )}
    </div>
  );
}

function License({ repo: { license, licenseUrl } }: { readonly repo: CatalogRepo }) {
  if (license === null) return <Tag>License unknown</Tag>;
  if (licenseUrl === null || !opensOutside(licenseUrl)) return <Tag>{licenseWords(license)}</Tag>;
  return (
    <a className="tag link" href={licenseUrl} target="_blank" rel="noreferrer noopener" title={licenseUrl}>
      {licenseWords(license)}
    </a>
  );
}
