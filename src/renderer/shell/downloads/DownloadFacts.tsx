import { formatBytesOf } from '#core/units.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import { fileWord } from './downloadWords.ts';

/** What a download consists of: repo, commit, where it goes, and each of its files. */
export function DownloadFacts({ job }: { readonly job: DownloadJob }) {
  return (
    <div className="facts">
      <dl className="kv">
        <dt>Repo</dt>
        <dd className="mono selectable" title={`${job.repo} at ${job.commit}`}>
          {job.repo}
        </dd>
        <dt>{job.path === null ? 'Goes to' : 'Is in'}</dt>
        <dd className="mono selectable" title={job.path ?? job.folder}>
          <bdi>{job.folder}</bdi>
        </dd>
      </dl>
      <ul aria-label={`Files of ${job.name}`}>
        {job.files.map((file) => (
          <li key={file.file} className="row spread">
            <FileName path={file.file} />
            <span className="nowrap">
              {file.role === 'mmproj' ? 'projector, ' : ''}
              {formatBytesOf(file.bytesDone, file.sizeBytes)}, {fileWord(file)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Shards differ at their end: that is kept where a name is too long. */
function FileName({ path }: { readonly path: string }) {
  const name = path.split('/').at(-1) ?? path;
  const cut = Math.max(0, name.length - tailLength);
  return (
    <span className="mono file-name" title={path}>
      <span className="ell">{name.slice(0, cut)}</span>
      <span>{name.slice(cut)}</span>
    </span>
  );
}
const tailLength = '-00001-of-00002.gguf'.length;
