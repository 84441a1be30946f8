import type { LoggedRequest } from '#shared/contract/server.ts';

/** What a server has done since it was started. */
export interface ApiCounts {
  readonly requests: number;
  readonly errors: number;
  readonly active: number;
  readonly waiting: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
}

export const noCounts: ApiCounts = {
  requests: 0,
  errors: 0,
  active: 0,
  waiting: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
};

/** Whether a request that is done counts as an error: refused, failed, or left by its client. */
export const isErrorRequest = ({ status, problem }: Pick<LoggedRequest, 'status' | 'problem'>): boolean =>
  problem !== null || (status !== null && status >= 400);

/**
 * The counts in the text format that Prometheus reads (version 0.0.4, https://prometheus.io/docs/instrumenting/exposition_formats/, read 2026-11-21).
 * @param loaded models in memory
 */
export function metricsText(counts: ApiCounts, loaded: { readonly models: number; readonly uptimeSeconds: number }): string {
  const metric = (name: string, type: 'counter' | 'gauge', help: string, value: number): string =>
    `# HELP rightsize_${name} ${help}\n# TYPE rightsize_${name} ${type}\nrightsize_${name} ${value}\n`;
  return [
    metric('requests_total', 'counter', 'Requests that were answered, well or not.', counts.requests),
    metric('request_errors_total', 'counter', 'Requests that were refused, failed or were left by their client.', counts.errors),
    metric('requests_running', 'gauge', 'Requests that are being answered.', counts.active),
    metric('requests_waiting', 'gauge', 'Requests that wait for a place at their model.', counts.waiting),
    metric('prompt_tokens_total', 'counter', 'Tokens of prompts, those that were kept from before among them.', counts.promptTokens),
    metric('cached_tokens_total', 'counter', 'Tokens of prompts that were kept from before.', counts.cachedTokens),
    metric('completion_tokens_total', 'counter', 'Tokens that were written.', counts.completionTokens),
    metric('models_loaded', 'gauge', 'Models in memory.', loaded.models),
    metric('uptime_seconds', 'gauge', 'Seconds since the server was started.', loaded.uptimeSeconds),
  ].join('');
}
