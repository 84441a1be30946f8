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

export interface CorrectedRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The rate that people would find, from the rate that a fallible judge found. W. J. Rogan and B. Gladen, Am. J. Epidemiol. 107 (1978) 71-76; interval by
 * a bootstrap over answers and over the gold set.
 * @param observed share of criteria met, one value an answer
 * @param gold pairs that the judge was calibrated on
 * @returns null where nothing was observed, or where the judge is no better than chance
 */
export function correctedRate(observed: readonly number[], gold: readonly AgreementPair[], seed = 1): CorrectedRate | null {
  const point = corrected(observed, gold);
  if (point === null) return null;
  const random = seededRandom(seed);
  const byAnswer = [...Map.groupBy(gold, (pair) => pair.answerId).values()];
  const pick = <T>(list: readonly T[]): readonly T[] =>
    list.map(() => list[Math.floor(random() * list.length)]).filter((one) => one !== undefined);
  const rates: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const rate = corrected(pick(observed), pick(byAnswer).flat());
    if (rate !== null) rates.push(rate);
  }
  rates.sort((a, b) => a - b);
  return { rate: point, low: rates[Math.floor(rates.length * 0.025)] ?? 0, high: rates[Math.ceil(rates.length * 0.975) - 1] ?? 1 };
}

function corrected(observed: readonly number[], gold: readonly AgreementPair[]): number | null {
  const share = (human: boolean): number => {
    const those = gold.filter((pair) => pair.human === human);
    return those.filter((pair) => pair.judge === human).length / those.length;
  };
  const power = share(true) + share(false) - 1;
  if (observed.length === 0 || !(power > 0)) return null;
  const found = observed.reduce((sum, value) => sum + value, 0) / observed.length;
  return Math.min(1, Math.max(0, (found + share(false) - 1) / power));
}

/** mulberry32: the same draws for the same seed, on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
