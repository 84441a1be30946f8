import { hubErrors } from '#shared/contract/catalog.ts';
import { type DownloadJob, downloadErrors } from '#shared/contract/downloads.ts';
import { navigate, type Route } from '../../router.ts';
import { hubAddress, useHubAccount } from '../../stores/hubAccount.ts';
import { Button } from '../../ui/Button.tsx';
import { useNow } from '../../ui/useNow.ts';
import { setDownloadsOpen } from './downloadsPanel.ts';
import { retryWords } from './downloadWords.ts';

/** Why a download waits or failed, when it is tried again, and the way to what would help. */
export function DownloadProblemLines({ job }: { readonly job: DownloadJob }) {
  const account = useHubAccount((state) => state.account);
  if (job.problem === null || (job.state !== 'waiting' && job.state !== 'failed' && job.state !== 'paused')) return null;
  const help = helpFor(job.problem.code);
  return (
    <div className={job.state === 'failed' ? 'problem bad' : 'problem'}>
      <p>{job.problem.message}</p>
      {job.problem.hint === undefined ? null : <p>{job.problem.hint}</p>}
      {job.state === 'waiting' && job.retryAt !== null ? <NextTry job={job} /> : null}
      {help === null ? null : (
        <Button
          size="sm"
          onClick={() => {
            setDownloadsOpen(false);
            navigate(help.route);
          }}
        >
          {help.label}
        </Button>
      )}
      {job.problem.code === hubErrors.licenceNotAccepted ? (
        <a className="btn sm" href={`${hubAddress(account)}/${job.repo}`} target="_blank" rel="noreferrer">
          Open model page
        </a>
      ) : null}
    </div>
  );
}

function NextTry({ job }: { readonly job: DownloadJob }) {
  return <p className="note">{retryWords(job, useNow(1000))}</p>;
}

function helpFor(code: string): { readonly label: string; readonly route: Route } | null {
  switch (code) {
    case hubErrors.tokenNeeded:
    case hubErrors.tokenInvalid:
      return { label: 'Add a token', route: { screen: 'settings', section: 'hub' } };
    case hubErrors.badEndpoint:
    case hubErrors.badProxy:
    case hubErrors.notTheHub:
      return { label: 'Connection settings', route: { screen: 'settings', section: 'hub' } };
    case downloadErrors.diskFull:
      return { label: 'Free up space', route: { screen: 'library' } };
    case downloadErrors.folderUnwritable:
      return { label: 'Choose another folder', route: { screen: 'settings', section: 'downloads' } };
    default:
      return null;
  }
}
