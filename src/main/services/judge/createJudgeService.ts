import { withJudgements } from '#core/bench/judge/withJudgements.ts';
import type { JudgeTask, LabelledItem } from '#core/bench/labelledItem.ts';
import { modelLabel } from '#core/bench/runRecords.ts';
import { createEndpointAnswerer } from '#main/services/benchmarks/endpointAnswerer.ts';
import { openLaneRunner } from '#main/services/benchmarks/laneRunner.ts';
import type { EndpointService } from '#main/services/endpoints/endpointService.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { ModelService } from '#main/services/models/modelService.ts';
import type { Database } from '#main/storage/database.ts';
import { factTable } from '#main/storage/factTable.ts';
import { createJudgementTable } from '#main/storage/judgementTable.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { expectedJudging } from './expectedJudging.ts';
import { type GoldSet, readGoldSet } from './goldSet.ts';
import { calibrationOf, type JudgePhase, judgeRun, keptJudge } from './judgeRun.ts';
import type { JudgeService } from './judgeService.ts';

/** Room for a task, a reference, a long answer and what the judge says of it. */
const contextTokens = 8192;

/**
 * Makes the service.
 * @param options.suitesFolder where the judgements made by people lie
 */
export function createJudgeService(options: {
  readonly database: Database;
  readonly library: Pick<LibraryService, 'get'>;
  readonly models: Pick<ModelService, 'fresh'>;
  readonly endpoints: Pick<EndpointService, 'generate'>;
  readonly suitesFolder: string;
  readonly now: () => number;
}): JudgeService {
  const judgements = createJudgementTable(options.database);
  const facts = factTable(options.database);
  let read: GoldSet | null = null;
  const gold = (): GoldSet => {
    read ??= readGoldSet(options.suitesFolder);
    return read;
  };

  function judgeOf(id: string): JudgePhase['judge'] {
    const remote = readEndpointModelId(id);
    if (remote !== null) return { modelId: id, name: remote.model, identity: id };
    const artifact = options.library.get(id);
    if (artifact === undefined) return { modelId: id, name: id, identity: id };
    return { modelId: id, name: modelLabel(artifact), identity: artifact.sha256 ?? `${id} ${artifact.sizeBytes}` };
  }

  /** As it was when it judged this run; before that, as its file is now. */
  function judgeOfRun(runId: string, judgeId: string): NonNullable<ReturnType<typeof keptJudge>> {
    const judge = judgeOf(judgeId);
    return keptJudge(facts, runId) ?? { name: judge.name, calibration: calibrationOf(facts, { judge, gold: gold() }) };
  }

  return {
    expected: ({ judgeId, referenceId }, prepared) => {
      if (judgeId === null) return null;
      const judge = judgeOf(judgeId);
      const asked = { judge, referenceId: heldAgainst(referenceId, prepared.models), prepared };
      return expectedJudging(asked, { gold: gold(), calibration: calibrationOf(facts, { judge, gold: gold() }) });
    },
    judge: async (run, { samples, itemOf, signal, shouldStop, onProgress }) => {
      const { judgeId } = run.plan;
      if (judgeId === null) return true;
      const judge = judgeOf(judgeId);
      const remote = readEndpointModelId(judgeId);
      if (remote === null && options.library.get(judgeId)?.state !== 'ready') {
        throw new RpcError(benchmarkErrors.judgeUnusable, `The judge ${judge.name} cannot be loaded, so nothing was judged.`, {
          hint: 'Scores by code are complete. Choose another judge in a new run.',
        });
      }
      return await judgeRun(
        {
          runId: run.id,
          judge,
          models: run.models.map((model) => ({ modelId: model.modelId, name: model.name })),
          samples,
          judgeOf: (sample) => taskOf(itemOf(sample)),
          referenceId: heldAgainst(run.plan.referenceId, run.models),
          gold: gold(),
        },
        {
          open: () =>
            remote === null
              ? openJudge(options.models, { modelId: judgeId, signal })
              : Promise.resolve(createEndpointAnswerer(options.endpoints, { ...remote, retries: run.plan.retries })),
          judgements,
          facts,
          signal,
          shouldStop,
          now: options.now,
          onProgress: (progress) => onProgress({ judge: judge.name, ...progress }),
        },
      );
    },
    join: (run, samples) => {
      const { judgeId } = run.plan;
      const decides = judgeId !== null && judgeOfRun(run.id, judgeId).calibration?.agreement.isCalibrated === true;
      return withJudgements(samples, { rows: judgements.all(run.id), decidingJudgeId: decides ? judgeId : null });
    },
    finding: (run) => {
      const { judgeId } = run.plan;
      if (judgeId === null) return null;
      const { name, calibration: known } = judgeOfRun(run.id, judgeId);
      const problem = run.error?.code === benchmarkErrors.judgeUnusable ? run.error.message : null;
      const head = { judgeId, name, problem };
      if (known === null) return { ...head, n: 0, accuracy: 0, kappa: null, low: null, high: null, calibrated: false, flipRate: null };
      const { agreement, pairs, flipRate } = known;
      const { accuracy, kappa, low, high, isCalibrated } = agreement;
      return { ...head, n: pairs.length, accuracy, kappa, low, high, calibrated: isCalibrated, flipRate };
    },
  };
}

/** What preferences are held against: the reference, else the largest model. */
function heldAgainst(referenceId: string | null, models: readonly { readonly modelId: string }[]): string | null {
  return referenceId ?? models.at(-1)?.modelId ?? null;
}

/** With the context it needs, or with as much as the machine and the model have. */
async function openJudge(
  models: Pick<ModelService, 'fresh'>,
  options: { readonly modelId: string; readonly signal: AbortSignal },
): ReturnType<typeof openLaneRunner> {
  try {
    return await openLaneRunner(models, { ...options, contextTokens, lane: 0 });
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== modelErrors.outOfMemory) throw error;
    return await openLaneRunner(models, { ...options, contextTokens: null, lane: 0 });
  }
}

/** What an item asks of a judge; an item that only a judge can grade has its criteria there too. */
const taskOf = (item: LabelledItem | null): JudgeTask | null => item?.judge ?? null;
