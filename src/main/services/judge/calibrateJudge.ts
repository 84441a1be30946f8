import { type AgreementPair, type JudgeAgreement, judgeAgreement } from '#core/bench/judge/judgeAgreement.ts';
import { isServersFault } from '#main/services/endpoints/endpointProblem.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { type Asking, askChecklist } from './askJudge.ts';
import type { GoldAnswer, GoldSet } from './goldSet.ts';

/** How a judge did on the judgements of people, kept with the pairs it rests on. */
export interface JudgeCalibration {
  readonly agreement: JudgeAgreement;
  readonly pairs: readonly AgreementPair[];
  /** Share of the verdicts asked three times with other seeds that did not come out the same each time. */
  readonly flipRate: number | null;
}

/** A tenth of twenty answers would say little: every fifth. */
const steadinessEvery = 5;
const steadinessTemperature = 0.7;
const steadinessSeeds = [1, 2, 3];

/**
 * Asks a judge everything that people have judged.
 * @param asking.onAnswer after each answer of the gold set
 * @param asking.shouldStop asked before each answer: whether it was asked to pause
 * @returns null when it was stopped
 * @throws {RpcError} what ends a runner, and a server's fault; a single answer that it cannot judge is a verdict that is missing
 */
export async function calibrateJudge(
  gold: GoldSet,
  asking: Asking & { readonly onAnswer: () => void; readonly shouldStop: () => boolean },
): Promise<JudgeCalibration | null> {
  const pairs: AgreementPair[] = [];
  let flipped = 0;
  let asked = 0;
  for (const [at, answer] of gold.answers.entries()) {
    if (asking.shouldStop()) return null;
    const verdicts = await verdictsOn(answer, asking);
    if (verdicts === null) return null;
    pairs.push(...answer.criteria.map(({ met }, index) => ({ answerId: answer.id, human: met, judge: verdicts[index] ?? null })));
    if (at % steadinessEvery === 0) {
      const repeated: (readonly (boolean | null)[])[] = [];
      for (const seed of steadinessSeeds) {
        const again = await verdictsOn(answer, { ...asking, temperature: steadinessTemperature, seed });
        if (again === null) return null;
        repeated.push(again);
      }
      asked += answer.criteria.length;
      flipped += answer.criteria.filter((_, index) => new Set(repeated.map((again) => again[index])).size > 1).length;
    }
    asking.onAnswer();
  }
  return { agreement: judgeAgreement(pairs), pairs, flipRate: asked === 0 ? null : flipped / asked };
}

/** By criterion: met or not, null where the judge said neither. Null as a whole when it was aborted. */
async function verdictsOn(answer: GoldAnswer, asking: Asking): Promise<readonly (boolean | null)[] | null> {
  const criteria = answer.criteria.map(({ criterion }) => criterion);
  try {
    const reading = await askChecklist({ ...answer, criteria }, asking);
    if (reading === null) return null;
    return criteria.map((_, index) => {
      const met = reading.criteria[index]?.met;
      return met === 'met' ? true : met === 'not-met' ? false : null;
    });
  } catch (error) {
    // What a server did wrong must not be kept as what its model can't do.
    if (!(error instanceof RpcError) || !asking.judge.isAlive || isServersFault(error.code)) throw error;
    return criteria.map(() => null);
  }
}
