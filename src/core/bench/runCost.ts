import { isAttempted } from './itemOutcomes.ts';
import { wasAlone } from './modelMetrics.ts';
import { type ModelResult, modelLabel } from './runRecords.ts';
import type { CostRow, RunCost } from './runReport.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { mean } from './statistics.ts';

export interface PriceOfModel {
  readonly model: string;
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  readonly currency: string;
  /** As 2026-11-21. */
  readonly enteredOn: string;
}

export interface Prices {
  readonly prices: readonly PriceOfModel[];
  readonly electricityPerKwh: number | null;
  readonly currency: string;
}

const joulesPerKwh = 3.6e6;
const calls = 1000;

/**
 * What a thousand calls like those of a run cost: a model of this machine by the energy that was measured, a hosted one by its tokens at the price
 * that was entered. A hosted model has a score only where it was itself a candidate of the run; then its own tokens count, else the mean of all.
 * @param run.models with their results
 * @param run.samples of labelled suites and others; measurements are left out
 * @param prices the user's table
 * @returns null where no answer's tokens are known
 */
export function runCost(
  run: { readonly models: readonly ModelResult[]; readonly samples: readonly SampleRecord[] },
  prices: Prices,
): RunCost | null {
  const answers = run.samples.filter((sample) => isAttempted(sample));
  const inputTokens = mean(answers.flatMap(({ usage }) => usage?.promptTokens ?? []));
  const outputTokens = mean(answers.flatMap(({ usage }) => usage?.completionTokens ?? []));
  if (inputTokens === null || outputTokens === null) return null;
  const remote = run.models.filter((model) => model.remote === true);
  const candidateOf = (price: PriceOfModel): ModelResult | undefined => remote.find((model) => isModel(model, price.model));
  return {
    inputTokens,
    outputTokens,
    rows: [
      ...run.models.filter((model) => model.remote !== true).map((model) => localRow(model, prices)),
      ...remote.filter((model) => !prices.prices.some((price) => isModel(model, price.model))).map((model) => unpricedRow(model, prices)),
      ...prices.prices.map((price) => hostedRow(price, { candidate: candidateOf(price), inputTokens, outputTokens })),
    ],
    watts: wattsOf(answers),
  };
}

function localRow(model: ModelResult, { electricityPerKwh, currency }: Prices): CostRow {
  const { joulesPerAnswer } = model;
  const isKnown = joulesPerAnswer !== null && electricityPerKwh !== null;
  return {
    ...candidateRow(model, currency),
    kind: 'local',
    price: joulesPerAnswer === null ? 'no energy sensor' : electricityPerKwh === null ? 'no price of electricity' : 'electricity only',
    perThousandCalls: isKnown ? ((joulesPerAnswer * calls) / joulesPerKwh) * electricityPerKwh : null,
  };
}

function unpricedRow(model: ModelResult, { currency }: Prices): CostRow {
  return { ...candidateRow(model, currency), kind: 'hosted', price: 'no price entered', perThousandCalls: null };
}

function candidateRow(model: ModelResult, currency: string): Omit<CostRow, 'kind' | 'price' | 'perThousandCalls'> {
  return {
    label: modelLabel(model),
    modelId: model.modelId,
    passRate: model.overall?.passRate ?? null,
    currency,
    enteredOn: null,
  };
}

function hostedRow(
  price: PriceOfModel,
  asked: { readonly candidate: ModelResult | undefined; readonly inputTokens: number; readonly outputTokens: number },
): CostRow {
  const { candidate } = asked;
  const input = candidate?.promptTokensPerAnswer ?? asked.inputTokens;
  const output = candidate?.tokensPerAnswer ?? asked.outputTokens;
  return {
    label: price.model,
    modelId: candidate?.modelId ?? null,
    kind: 'hosted',
    price: `${formatMoney(price.inputPerMillion, price.currency)} in, ${formatMoney(price.outputPerMillion, price.currency)} out`,
    passRate: candidate?.overall?.passRate ?? null,
    perThousandCalls: ((input * price.inputPerMillion + output * price.outputPerMillion) * calls) / 1e6,
    currency: price.currency,
    enteredOn: price.enteredOn,
  };
}

/** The name as the server calls it: behind the endpoint's, without the maker's. */
function isModel(model: ModelResult, name: string): boolean {
  const asked = model.modelId.toLowerCase();
  const priced = name.toLowerCase();
  return asked.endsWith(`/${priced}`) || asked.endsWith(`/${priced}:latest`);
}

/** Power while answers were made alone. */
function wattsOf(answers: readonly SampleRecord[]): number | null {
  let joules = 0;
  let seconds = 0;
  for (const sample of answers) {
    if (!wasAlone(sample) || sample.work?.joules == null || sample.timings === null) continue;
    joules += sample.work.joules;
    seconds += sample.timings.totalMs / 1000;
  }
  return seconds > 0 ? joules / seconds : null;
}

const symbols: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹' };

/**
 * Money with enough digits to tell small amounts apart.
 * @param amount null = unknown
 * @param currency its code
 * @returns such as `$0.014`, `$8.10`, `CHF 12.00`, an en dash where unknown
 */
export function formatMoney(amount: number | null, currency: string): string {
  if (amount === null) return '–';
  const digits = amount > 0 && amount < 0.001 ? 5 : amount > 0 && amount < 0.1 ? 3 : 2;
  const symbol = symbols[currency];
  return symbol === undefined ? `${currency} ${amount.toFixed(digits)}` : `${symbol}${amount.toFixed(digits)}`;
}
