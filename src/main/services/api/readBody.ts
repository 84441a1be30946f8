import type { Context } from 'hono';
import type * as z from 'zod';
import { readJson } from '#core/bench/jsonValue.ts';
import { ApiError } from './apiErrors.ts';

/**
 * Reads a JSON body and checks it.
 * @throws {ApiError} 400 for what is no JSON, 422 for a field that is missing, of the wrong type or out of range
 */
export async function readBody<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.output<Schema>> {
  const body = readJson(await context.req.text());
  if (!body.ok) throw new ApiError({ status: 400, code: 'invalid_json', message: `The body is no JSON: ${body.message}` });
  const parsed = schema.safeParse(body.value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? null : issue.path.join('.');
  const where = field === null ? '' : `${field}: `;
  throw new ApiError({ status: 422, code: 'invalid_value', message: `${where}${issue?.message ?? 'The body is not as expected.'}`, field });
}
