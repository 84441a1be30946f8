import { seededRandom } from '../../seededRandom.ts';

/** One criterion of one answer: what people said, and what the judge said. */
export interface AgreementPair {
  /** Answer it belongs to: criteria of one answer are not independent. */
  readonly answerId: string;
  readonly human: boolean;
  /** Null where the judge's verdict is missing or void. */
  readonly judge: boolean | null;
}

export interface JudgeAgreement {
  /** Pairs with both verdicts, and those that the judge left open. */
  readonly n: number;
  readonly missing: number;
  /** Share of all pairs that agree; what is missing does not. */
  readonly accuracy: number;
  /** Cohen's kappa: agreement beyond chance, 1 = always, 0 = as by chance. Null where it is not defined. */
  readonly kappa: number | null;
  /** 95 % bootstrap interval of kappa over answers. */
  readonly low: number | null;
  readonly high: number | null;
  /** Of what people call met, the share that the judge calls met; and of what they call not met, not met. */
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  /** Whether its verdicts may count. */
  readonly isCalibrated: boolean;
}

/** Below this a judge's verdicts are shown and do not count (Landis and Koch, Biometrics 33 (1977) 159: "substantial" begins at 0.61). */
export const leastKappa = 0.6;
const draws = 1000;

/**
 * How far a judge agrees with people. J. Cohen, Educ. Psychol. Meas. 20 (1960) 37-46. What the judge left open counts as disagreement: a judge that
 * answers only when it is easy would look better than it is.
 * @param pairs of the gold set
 * @param seed of the bootstrap
 */
export function judgeAgreement(pairs: readonly AgreementPair[], seed = 1): JudgeAgreement {
  const byAnswer = [...Map.groupBy(pairs, (pair) => pair.answerId).values()];
  const random = seededRandom(seed);
  const resampled: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = byAnswer.flatMap(() => byAnswer[Math.floor(random() * byAnswer.length)] ?? []);
    const kappa = cohensKappa(drawn);
    if (kappa !== null) resampled.push(kappa);
  }
  resampled.sort((a, b) => a - b);
  const answered = pairs.filter((pair) => pair.judge !== null);
  const kappa = cohensKappa(pairs);
  const rate = (human: boolean): number | null => {
    const those = pairs.filter((pair) => pair.human === human);
    return those.length === 0 ? null : those.filter((pair) => pair.judge === human).length / those.length;
  };
  return {
    n: answered.length,
    missing: pairs.length - answered.length,
    accuracy: pairs.length === 0 ? 0 : pairs.filter((pair) => pair.judge === pair.human).length / pairs.length,
    kappa,
    low: resampled[Math.floor(resampled.length * 0.025)] ?? null,
    high: resampled[Math.ceil(resampled.length * 0.975) - 1] ?? null,
    sensitivity: rate(true),
    specificity: rate(false),
    isCalibrated: kappa !== null && kappa >= leastKappa,
  };
}

function cohensKappa(pairs: readonly AgreementPair[]): number | null {
  const n = pairs.length;
  if (n === 0) return null;
  let agree = 0;
  let humanYes = 0;
  let judgeYes = 0;
  for (const { human, judge } of pairs) {
    const said = judge ?? !human;
    agree += human === said ? 1 : 0;
    humanYes += human ? 1 : 0;
    judgeYes += said ? 1 : 0;
  }
  const byChance = (humanYes * judgeYes + (n - humanYes) * (n - judgeYes)) / n ** 2;
  return byChance === 1 ? null : (agree / n - byChance) / (1 - byChance);
}
