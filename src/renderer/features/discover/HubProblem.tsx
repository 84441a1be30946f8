import { ExternalLink, KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { hubErrors } from '#shared/contract/catalog.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { navigate } from '../../router.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Icon } from '../../ui/Icon.tsx';

interface HubProblemProps {
  readonly problem: RpcErrorData;
  /** Page of the repo it is about, for a browser. */
  readonly url?: string;
  readonly onRetry: () => void;
}

/** What the hub, or the way to it, refused: its own words, and the one thing to do about it. */
export function HubProblem({ problem, url, onRetry }: HubProblemProps) {
  return (
    <div className="p-4">
      <ErrorState
        title={titles[problem.code] ?? 'Hugging Face did not answer as expected'}
        tone={waits.has(problem.code) ? 'warn' : 'bad'}
        error={problem}
        actions={
          <>
            {helpedBySettings.has(problem.code) ? <OpenSettings /> : null}
            {needsPage.has(problem.code) && url !== undefined ? <OpenPage url={url} /> : null}
            <Button onClick={onRetry}>Try again</Button>
          </>
        }
      />
    </div>
  );
}

export function OpenSettings() {
  return (
    <Button icon={KeyRound} onClick={() => navigate({ screen: 'settings', section: 'hub' })}>
      Open settings
    </Button>
  );
}

/** Leaves for the browser; the desktop app hands only hub pages on. */
export function OpenPage({ url, children = 'Open model page' }: { readonly url: string; readonly children?: ReactNode }) {
  // A hub of one's own may speak plain http: then its address can be read, and is not opened.
  if (!url.startsWith('https://')) return <span className="mono xs selectable">{url}</span>;
  return (
    <a className="btn" href={url} target="_blank" rel="noreferrer noopener">
      <Icon of={ExternalLink} size={15} />
      {children}
    </a>
  );
}

const titles: Readonly<Record<string, string>> = {
  [hubErrors.unreachable]: 'Hugging Face cannot be reached',
  [hubErrors.down]: 'Hugging Face is having trouble',
  [hubErrors.rateLimited]: 'Hugging Face asks to wait',
  [hubErrors.notTheHub]: 'Something else answered for Hugging Face',
  [hubErrors.badAnswer]: 'The answer of Hugging Face made no sense',
  [hubErrors.repoNotFound]: 'There is no such repository',
  [hubErrors.revisionNotFound]: 'There is no such revision',
  [hubErrors.fileNotFound]: 'The file is not in this repository',
  [hubErrors.tokenNeeded]: 'This repository needs a Hugging Face token',
  [hubErrors.tokenInvalid]: 'Hugging Face does not take the token',
  [hubErrors.licenceNotAccepted]: 'The license has to be accepted first',
  [hubErrors.denied]: 'This account may not open the repository',
  [hubErrors.gone]: 'The repository was taken down',
  [hubErrors.badEndpoint]: 'The address of the hub is not valid',
  [hubErrors.badProxy]: 'The proxy is not valid',
};

const waits: ReadonlySet<string> = new Set([hubErrors.unreachable, hubErrors.down, hubErrors.rateLimited]);
const helpedBySettings: ReadonlySet<string> = new Set([
  hubErrors.tokenNeeded,
  hubErrors.tokenInvalid,
  hubErrors.badEndpoint,
  hubErrors.badProxy,
  hubErrors.rateLimited,
  hubErrors.unreachable,
  hubErrors.notTheHub,
  hubErrors.repoNotFound,
]);
const needsPage: ReadonlySet<string> = new Set([hubErrors.tokenNeeded, hubErrors.licenceNotAccepted, hubErrors.denied, hubErrors.gone]);
