import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';

/**
 * Sends a run to a collector, because `--otlp` said so.
 * @param options.url true = that of OTEL_EXPORTER_OTLP_ENDPOINT
 * @throws {RpcError} usage, and what sending throws
 */
export async function sendReport(
  context: CommandContext,
  runId: string,
  options: { readonly url: string | true; readonly withContent: boolean },
): Promise<void> {
  const url = options.url === true ? context.ports.env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim() : options.url;
  if (!url) {
    throw new RpcError(systemErrors.usage, 'There is no collector to send to.', {
      hint: 'Name one: --otlp http://127.0.0.1:4318, or set OTEL_EXPORTER_OTLP_ENDPOINT.',
    });
  }
  const { telemetry } = await context.services();
  const sent = await telemetry.send(runId, { url, withContent: options.withContent, signal: context.signal });
  context.output.document({ runId, sent });
  context.output.note(`Sent ${sent.spans} spans, ${sent.metrics} metrics and ${sent.logs} logs.`);
  if (sent.warning !== null) context.output.note(sent.warning);
}
