import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import type { TelemetryService } from '../telemetry/createTelemetryService.ts';
import { untilAborted } from '../untilAborted.ts';
import type { BenchmarkService } from './benchmarkService.ts';

type BenchmarkRoutes = Extract<keyof Routes, `benchmarks.${string}`>;

/** The `benchmarks.*` routes over the service. Subscriptions end when their signal aborts. */
export function createBenchmarkHandlers(
  benchmarks: BenchmarkService,
  telemetry: Pick<TelemetryService, 'send'>,
): Pick<Handlers<Routes>, BenchmarkRoutes> {
  return {
    'benchmarks.suites': async () => ({ suites: [...(await benchmarks.suites())] }),
    'benchmarks.estimate': (plan) => benchmarks.estimate(plan),
    'benchmarks.start': (plan) => benchmarks.start(plan),
    'benchmarks.pause': async ({ runId }) => {
      await benchmarks.pause(runId);
      return {};
    },
    'benchmarks.resume': async ({ runId }) => {
      await benchmarks.resume(runId);
      return {};
    },
    'benchmarks.cancel': async ({ runId }) => {
      await benchmarks.cancel(runId);
      return {};
    },
    'benchmarks.remove': async ({ runId }) => {
      await benchmarks.remove(runId);
      return {};
    },
    'benchmarks.changes': (_input, { emit, signal }) => untilAborted(signal, () => benchmarks.subscribe(emit)),
    'benchmarks.progress': ({ runId }, { emit, signal }) => untilAborted(signal, () => benchmarks.subscribeProgress(runId, emit)),
    'benchmarks.results': async ({ runId }) => ({ ...benchmarks.results(runId), outdated: await benchmarks.outdated(runId) }),
    'benchmarks.samples': async (query) => {
      const { samples, total } = benchmarks.samples(query);
      return { samples: [...samples], total };
    },
    'benchmarks.report': async ({ runId, format }) => benchmarks.report(runId, format),
    'benchmarks.extend': async ({ runId, items }) => {
      await benchmarks.extend(runId, items);
      return {};
    },
    'benchmarks.compare': async ({ runId, baselineRunId }) => benchmarks.compare(runId, baselineRunId),
    'benchmarks.flips': async ({ runId, ...pair }) => benchmarks.flips(runId, pair),
    async 'benchmarks.overrule'(word) {
      benchmarks.overrule(word);
      return {};
    },
    'benchmarks.prices': async () => benchmarks.prices(),
    'benchmarks.setPrices': async (table) => benchmarks.setPrices(table),
    'benchmarks.sendTelemetry': ({ runId, ...collector }) => telemetry.send(runId, collector),
  };
}
