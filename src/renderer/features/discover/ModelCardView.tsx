import { useEffect, useState } from 'react';
import { type CatalogRepo, hubErrors } from '#shared/contract/catalog.ts';
import { loadCard, repoKey, useCatalog } from '../../stores/catalog.ts';
import { onConnected } from '../../stores/rpc.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Markdown } from '../../ui/markdown/Markdown.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { HubProblem, OpenPage } from './HubProblem.tsx';

/** What the publisher writes about the model. Read when it is looked at; nothing in it is fetched or run. */
export function ModelCardView({ repo }: { readonly repo: CatalogRepo }) {
  const entry = useCatalog((state) => state.cards[repoKey(repo.repo, repo.commit)]);
  const [again, setAgain] = useState(0);
  useEffect(() => onConnected((signal) => void loadCard(repo, { signal, refresh: again > 0 })), [repo, again]);
  if (entry === undefined || entry.state === 'loading') return <Skeleton label="Reading the model card" rows={6} />;
  if (entry.state === 'failed')
    return entry.problem.code === hubErrors.fileNotFound ? (
      <EmptyState title="No model card">The publisher wrote none.</EmptyState>
    ) : (
      <HubProblem problem={entry.problem} url={repo.url} onRetry={() => setAgain(again + 1)} />
    );
  const { markdown, isCut } = entry.value;
  if (markdown.trim() === '') return <EmptyState title="No model card">The publisher wrote none.</EmptyState>;
  return (
    <div className="card-text">
      <Markdown text={markdown} kind="card" />
      {isCut ? (
        <p className="note">
          The card goes on. <OpenPage url={repo.url}>Read it on the model page</OpenPage>
        </p>
      ) : null}
    </div>
  );
}
