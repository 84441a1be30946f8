import type { Database } from '#main/storage/database.ts';
import { createSampleTable } from '#main/storage/sampleTable.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { isGuardedWay, readEndpointAddress } from '../endpoints/endpointAddress.ts';
import { createOutwardConnections } from '../endpoints/outwardConnections.ts';
import type { HostPorts } from '../hostPorts.ts';
import type { JudgeService } from '../judge/judgeService.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { attributesOf } from './otlpJson.ts';
import type { RunFacts } from './runFacts.ts';
import { runLogs } from './runLogs.ts';
import { runMetrics } from './runMetrics.ts';
import { runSpans } from './runSpans.ts';
import { type CollectorLine, type OtlpSignal, type SentBatch, sendOtlp } from './sendOtlp.ts';

/** What a collector took of a run. */
export interface SentTelemetry {
  readonly spans: number;
  readonly metrics: number;
  readonly logs: number;
  /** What it did not take, in words; null where it took all. */
  readonly warning: string | null;
}

/** Sends finished runs as OpenTelemetry. Nothing is ever sent by itself. */
export interface TelemetryService {
  /**
   * @param options.url of the collector, as OTEL_EXPORTER_OTLP_ENDPOINT has it
   * @param options.withContent questions and answers go along
   * @throws {RpcError} run-not-found, run-active, bad-input, collector-unreachable, collector-refused
   */
  send(
    runId: string,
    options: { readonly url: string; readonly withContent: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<SentTelemetry>;
  dispose(): Promise<void>;
}

/** Below what collectors take at once by default (4 MiB), content included. */
const batchRecords = 256;
const batchBytes = 2_000_000;
const usualRetriesMs: readonly number[] = [1000, 2000, 4000];

/** @param options.now ms since 1970 */
export function createTelemetryService(options: {
  readonly database: Database;
  readonly results: (runId: string) => RunResults;
  readonly judges: Pick<JudgeService, 'join'>;
  readonly ports: Pick<HostPorts, 'env' | 'resolveProxy' | 'version'>;
  readonly settings: Pick<SettingsService, 'read'>;
  readonly now: () => number;
  readonly retryDelaysMs?: readonly number[];
}): TelemetryService {
  const { ports, now } = options;
  const table = createSampleTable(options.database);
  const connections = createOutwardConnections(ports, options.settings);
  const closing = new AbortController();

  async function lineOf(url: string): Promise<CollectorLine> {
    const baseUrl = readEndpointAddress(url, 'http://127.0.0.1:4318').replace(/\/v1\/(traces|metrics|logs)$/, '');
    const headers = headersFor(baseUrl, ports.env);
    if (Object.keys(headers).length > 0 && !isGuardedWay(baseUrl)) {
      throw new RpcError(pipeErrors.badInput, 'The headers of OTEL_EXPORTER_OTLP_HEADERS would cross the network unencrypted.', {
        hint: 'Use an https address. Nothing was sent.',
      });
    }
    const retryDelaysMs = options.retryDelaysMs ?? usualRetriesMs;
    return {
      baseUrl,
      headers: { 'user-agent': `rightsize/${ports.version}`, ...headers },
      retryDelaysMs,
      dispatcher: await connections.for(baseUrl),
    };
  }

  return {
    async send(runId, { url, withContent, signal }) {
      const results = options.results(runId);
      if (results.run.state === 'running') {
        throw new RpcError(benchmarkErrors.runActive, 'This run is still going on.', {
          hint: 'Send it when it has ended, or pause it first.',
        });
      }
      const line = await lineOf(url);
      const facts: RunFacts = { results, samples: options.judges.join(results.run, table.all(runId)), withContent, sentAt: now() };
      const resource = {
        attributes: attributesOf({ 'service.name': 'rightsize', 'service.version': ports.version }),
      };
      const scope = { name: 'rightsize.benchmark', version: ports.version };
      const abort = AbortSignal.any([closing.signal, ...(signal === undefined ? [] : [signal])]);

      async function sendAll<T extends object>(
        kind: OtlpSignal,
        records: readonly T[],
        wrap: (part: readonly T[]) => object,
      ): Promise<SentBatch> {
        let rejected = 0;
        let said: string | null = null;
        for (const part of batchesOf(records)) {
          const sent = await sendOtlp(line, { signal: kind, body: wrap(part) }, abort);
          rejected += sent.rejected;
          said ??= sent.said;
        }
        return { rejected, said };
      }

      const spans = runSpans(facts);
      const metrics = runMetrics(facts);
      const logs = runLogs(facts);
      const traced = await sendAll('traces', spans, (part) => ({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: part }] }] }));
      const measured = await sendAll('metrics', metrics, (part) => ({
        resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: part }] }],
      }));
      const logged = await sendAll('logs', logs, (part) => ({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: part }] }] }));
      return {
        spans: spans.length - Math.min(traced.rejected, spans.length),
        metrics: metrics.length,
        logs: logs.length - Math.min(logged.rejected, logs.length),
        warning: warningOf({ spans: traced, 'data points of metrics': measured, logs: logged }),
      };
    },

    async dispose() {
      closing.abort();
      await connections.dispose();
    },
  };
}

/** Headers of the environment belong to the collector of the environment, where it names one. */
function headersFor(baseUrl: string, env: HostPorts['env']): Record<string, string> {
  const named = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim();
  if (named && URL.parse(named)?.origin !== new URL(baseUrl).origin) return {};
  const headers: Record<string, string> = {};
  for (const pair of (env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '').split(',')) {
    const cut = pair.indexOf('=');
    const name = pair.slice(0, Math.max(cut, 0)).trim().toLowerCase();
    const value = decoded(pair.slice(cut + 1).trim());
    // Anything else could not stand in a header.
    if (/^[a-z0-9-]+$/.test(name) && /^[\x20-\x7e]+$/.test(value)) headers[name] = value;
  }
  return headers;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function* batchesOf<T extends object>(records: readonly T[]): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = JSON.stringify(record).length;
    if (batch.length > 0 && (batch.length === batchRecords || bytes + size > batchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function warningOf(sent: Readonly<Record<string, SentBatch>>): string | null {
  const parts = Object.entries(sent).flatMap(([what, { rejected, said }]) => {
    if (rejected === 0 && said === null) return [];
    const count = rejected === 0 ? `The collector says of the ${what}` : `The collector did not take ${rejected} ${what}`;
    return [said === null ? `${count}.` : `${count}: ${said}`];
  });
  return parts.length === 0 ? null : parts.join(' ');
}
