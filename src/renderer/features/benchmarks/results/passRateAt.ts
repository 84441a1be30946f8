import type { ModelResult } from '#shared/contract/benchmarkResults.ts';

/** @returns what share a model passed at one temperature, of all suites together; null where nothing counts there */
export function passRateAt(model: Pick<ModelResult, 'suites'>, temperature: number): number | null {
  const intervals = model.suites.flatMap((suite) => suite.byTemperature.filter((one) => one.temperature === temperature));
  const asked = intervals.reduce((sum, { interval }) => sum + interval.n, 0);
  return asked === 0 ? null : intervals.reduce((sum, { interval }) => sum + interval.passed, 0) / asked;
}
