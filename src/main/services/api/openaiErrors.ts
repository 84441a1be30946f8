import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { ApiError, type ApiProblem, tooLongOf } from './apiErrors.ts';

/** An error in OpenAI's shape. Fields of lists are named as OpenAI names them: `messages[0].content`. */
export function openaiError({ status, code, message, field }: ApiProblem): object {
  const param = field?.replace(/\.(\d+)(?=\.|$)/g, '[$1]') ?? null;
  const said = field !== null && message.startsWith(`${field}: `) ? `${param}${message.slice(field.length)}` : message;
  return { error: { message: said, type: typeOf(status), param, code } };
}

/**
 * Gives an error the code and words that OpenAI's clients look for: some know a conversation that is too long by them alone, and shorten it.
 * @param error anything that was thrown
 */
export function inOpenaiWords(error: unknown): unknown {
  if (!(error instanceof RpcError) || error.code !== modelErrors.contextFull) return error;
  const told = tooLongOf(error);
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  const words =
    told === null
      ? error.message
      : `This model's maximum context length is ${told.roomTokens} tokens as it is loaded. However, your messages resulted in ${told.promptTokens} tokens.`;
  return new ApiError({ status: 400, code: 'context_length_exceeded', message: `${words}${hint}`, field: 'messages' });
}

function typeOf(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
