import type { RepoFile, RepoQuant } from '#core/catalog/repoFile.ts';
import { safeRepoPath } from '#core/catalog/safeRepoPath.ts';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import type { Database } from '#main/storage/database.ts';
import { remoteHeaderTable } from '#main/storage/remoteHeaderTable.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import type { Log } from '#shared/log.ts';
import { RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { Cancellable, HubClient, HubModelInfo } from '../hub/hubClient.ts';
import type { LibraryService } from '../library/libraryService.ts';
import { createSharedWork } from '../sharedWork.ts';
import type { SystemService } from '../system/systemService.ts';
import { createAnswerCache } from './answerCache.ts';
import { cardText } from './cardText.ts';
import type { CatalogService } from './catalogService.ts';
import { artifactsByRepo, describeModel } from './describeModel.ts';
import { describeRepo } from './describeRepo.ts';
import type { HeaderFacts } from './headerFacts.ts';
import { parametersThatFit } from './parametersThatFit.ts';
import { keptFacts, type RemoteReading, readRemoteHeader } from './readRemoteHeader.ts';
import type { RangePatience } from './remoteFile.ts';
import { type FoundModels, searchModels } from './searchModels.ts';
import { toRemoteHeader } from './toRemoteHeader.ts';

export interface CatalogOptions {
  readonly database: Database;
  readonly hub: HubClient;
  readonly library: Pick<LibraryService, 'list' | 'subscribe'>;
  readonly system: Pick<SystemService, 'hardware'>;
  readonly log: Log;
  readonly now: () => number;
  readonly patience?: CatalogPatience;
}

export interface CatalogPatience extends RangePatience {
  /** How long the hub is waited for where an older answer is at hand, and how long where it was not heard a moment ago. */
  readonly hubMs: number;
  readonly hubAgainMs: number;
}

const patienceOfPeople: CatalogPatience = { hubMs: 6000, hubAgainMs: 1500, silenceMs: 15_000, delaysMs: [300, 1000, 3000] };
/** A repo that was asked for this long ago has hardly changed. */
const repoMaxAgeMs = 10 * 60_000;
const cardLimitBytes = 512_000;

/** The catalog over the hub, with everything it says kept for the time without it. */
export function createCatalogService(options: CatalogOptions): CatalogService {
  const { hub, library, system, log, now } = options;
  const patience = options.patience ?? patienceOfPeople;
  const answers = createAnswerCache({
    database: options.database,
    endpoint: () => hub.endpoint().url,
    log,
    now,
    patienceMs: { first: patience.hubMs, again: patience.hubAgainMs },
  });
  const headers = remoteHeaderTable(options.database);
  const headerWays = { hub, table: headers, patience, log, now };
  const readings = createSharedWork<RemoteReading>();

  async function readMachine(): Promise<FitMachine | null> {
    try {
      return fitMachineOf(await system.hardware());
    } catch (error) {
      log.warn('catalog.machine-unknown', { code: toRpcErrorData(error).code });
      return null;
    }
  }

  /** Files of a commit never change, so they are asked for once. */
  async function listModelFiles(repo: string, commit: string, asked: Cancellable): Promise<readonly RepoFile[]> {
    const { answer } = await answers.ask(
      filesRequest(repo, commit),
      async (how) => (await hub.listFiles(repo, { ...how, commit })).filter((file) => /\.gguf$/i.test(file.path)),
      { ...asked, maxAgeMs: Number.POSITIVE_INFINITY },
    );
    return answer;
  }

  function factsOf(quant: RepoQuant): HeaderFacts | null {
    return keptFacts(
      quant.files.map((file) => file.sha256),
      headerWays,
    );
  }

  async function readHeader(place: { readonly repo: string; readonly commit: string; readonly file: string }, asked: Cancellable) {
    if (safeRepoPath(place.file) === null) {
      throw new RpcError(hubErrors.unsafeName, 'This is no path of a file in a repo.', { hint: 'Choose a file of the list.' });
    }
    const listed = answers.kept<readonly RepoFile[]>(filesRequest(place.repo, place.commit))?.answer ?? [];
    const contentOf = (path: string): string | null => listed.find((file) => file.path === path)?.sha256 ?? null;
    const key = [hub.endpoint().url, place.repo, place.commit, place.file].join(' ');
    return await readings.join(key, (signal) => readRemoteHeader({ ...place, contentOf }, headerWays, signal), asked.signal);
  }

  return {
    async search({ query, cursor }, asked = {}) {
      const machine = query.fits ? await readMachine() : null;
      const limit = machine === null ? null : parametersThatFit(machine);
      const request = `search ${JSON.stringify([{ ...query, text: query.text.trim() }, cursor, limit])}`;
      const found = await answers.ask<FoundModels>(
        request,
        (how) => searchModels({ query, cursor, parametersThatFit: limit, now: now() }, hub, how),
        asked,
      );
      const owned = artifactsByRepo(library.list());
      const idsOf = (repo: string): string[] => (owned.get(repo.toLowerCase()) ?? []).map((artifact) => artifact.id);
      return {
        models: found.answer.models.map((model) => describeModel(model, idsOf(model.repo))),
        cursor: found.answer.cursor,
        freshness: found.freshness,
      };
    },

    async repo({ repo, revision, refresh }, asked = {}) {
      const machine = readMachine();
      let listed: readonly RepoFile[] | undefined;
      const { answer: info, freshness } = await answers.ask<HubModelInfo>(
        `repo ${repo}@${revision}`,
        async (how) => {
          const told = await hub.modelInfo(repo, { ...how, revision });
          listed = await listModelFiles(told.repo, told.commit, how);
          return told;
        },
        { ...asked, maxAgeMs: refresh ? 0 : repoMaxAgeMs },
      );
      const files = listed ?? (await listModelFiles(info.repo, info.commit, asked));
      const artifacts = artifactsByRepo(library.list()).get(info.repo.toLowerCase()) ?? [];
      const url = `${hub.endpoint().url}/${info.repo}`;
      return describeRepo({ info, files, revision, url, freshness, artifacts, factsOf, machine: await machine });
    },

    async card({ repo, commit }, asked = {}) {
      const { answer, freshness } = await answers.ask(
        `card ${repo}@${commit}`,
        (how) => hub.readText({ repo, commit, path: 'README.md' }, { ...how, limitBytes: cardLimitBytes }),
        { ...asked, maxAgeMs: isCommit(commit) ? Number.POSITIVE_INFINITY : repoMaxAgeMs },
      );
      return { repo, commit, markdown: answer === null ? '' : cardText(answer.text), isCut: answer?.isCut ?? false, freshness };
    },

    async header(place, asked = {}) {
      return toRemoteHeader(place.repo, await readHeader(place, asked));
    },

    access: (repo, asked = {}) => hub.checkAccess(repo, asked),

    dispose() {
      readings.dispose();
      return Promise.resolve();
    },
  };
}

function filesRequest(repo: string, commit: string): string {
  return `files ${repo}@${commit}`;
}

function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
