import type { RepoFile, RepoFiles } from './repoFile.ts';

export function groupRepoFiles(_files: readonly RepoFile[]): RepoFiles {
  throw new Error('to be built');
}
