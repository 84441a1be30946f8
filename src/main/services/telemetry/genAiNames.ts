/**
 * Names of the OpenTelemetry conventions for generative AI, in force on 2026-11-21. They moved to a repository of their own
 * (open-telemetry/semantic-conventions-genai) and are all still in development: the packages that carry them call theirs deprecated.
 */
export const genAi = {
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestTemperature: 'gen_ai.request.temperature',
  requestSeed: 'gen_ai.request.seed',
  requestMaxTokens: 'gen_ai.request.max_tokens',
  responseModel: 'gen_ai.response.model',
  responseFinishReasons: 'gen_ai.response.finish_reasons',
  responseTimeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  usageInputTokens: 'gen_ai.usage.input_tokens',
  usageOutputTokens: 'gen_ai.usage.output_tokens',
  usageCacheReadInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  tokenType: 'gen_ai.token.type',
  toolName: 'gen_ai.tool.name',
  toolType: 'gen_ai.tool.type',
  toolCallArguments: 'gen_ai.tool.call.arguments',
  toolCallResult: 'gen_ai.tool.call.result',
  systemInstructions: 'gen_ai.system_instructions',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  evaluationResult: 'gen_ai.evaluation.result',
  evaluationName: 'gen_ai.evaluation.name',
  evaluationScoreValue: 'gen_ai.evaluation.score.value',
  evaluationScoreLabel: 'gen_ai.evaluation.score.label',
  evaluationExplanation: 'gen_ai.evaluation.explanation',
  clientOperationDuration: 'gen_ai.client.operation.duration',
  clientTimeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk',
  clientTimePerOutputChunk: 'gen_ai.client.operation.time_per_output_chunk',
  clientTokenUsage: 'gen_ai.client.token.usage',
  serverTimeToFirstToken: 'gen_ai.server.time_to_first_token',
  serverTimePerOutputToken: 'gen_ai.server.time_per_output_token',
  errorType: 'error.type',
} as const;

/** Values of `gen_ai.provider.name`: the list has none for this engine, so it is one of ours; endpoints speak OpenAI's dialect. */
export const providers = { local: 'llama_cpp', endpoint: 'openai' } as const;

/**
 * Boundaries that the conventions give for seconds, gone on upwards: an answer on a laptop may take minutes.
 */
export const durationBounds: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36, 1310.72,
];
/** Of the conventions for one token's time, gone on upwards to a second and more. */
export const tokenTimeBounds: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
];
export const tokenCountBounds: readonly number[] = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];
