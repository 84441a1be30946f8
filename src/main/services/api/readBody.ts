import type { Context } from 'hono';
import * as z from 'zod';
import { readJson } from '#core/bench/jsonValue.ts';
import { ApiError } from './apiErrors.ts';

/**
 * Reads a JSON body and checks it.
 * @throws {ApiError} 400 for what is no JSON and for what is not done (`notDone`), 422 for a field that is missing, of the wrong type or out of range
 */
export async function readBody<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.output<Schema>> {
  const body = readJson(await context.req.text());
  // Kept by the library for whoever asks again; an answer may take long, and a body may be large.
  context.req.bodyCache = {};
  if (!body.ok) throw new ApiError({ status: 400, code: 'invalid_json', message: notJson(body.message) });
  const parsed = schema.safeParse(body.value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const issue = first === undefined ? null : closestIssue(first);
  const field = issue === null || issue.path.length === 0 ? null : issue.path.join('.');
  const where = field === null ? '' : `${field}: `;
  const message = `${where}${issue?.message ?? 'The body is not as expected.'}`;
  if (issue !== null && issue.code === 'custom' && issue.params?.notDone === true) {
    throw new ApiError({ status: 400, code: 'unsupported_parameter', message, field });
  }
  throw new ApiError({ status: 422, code: 'invalid_value', message, field });
}

/** Without the piece of the body that a parser quotes: a prompt has no place in an error or a log. */
function notJson(reason: string): string {
  if (reason.startsWith('it nests')) return `The body is no JSON that is read here: ${reason}.`;
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(reason);
  return place === null ? 'The body is no JSON.' : `The body is no JSON: it breaks at ${place[0]}.`;
}

/**
 * A field that a dialect has and this app does not do: it is refused by its name, so that nobody believes it was heeded.
 * @param why one sentence for who sent it
 * @param isHarmless values that ask for nothing; null unless told
 */
export const notDone = (why: string, isHarmless: (value: unknown) => boolean = (value) => value === null) =>
  z
    .unknown()
    .refine(isHarmless, { error: why, params: { notDone: true } })
    .optional();

/** Token numbers where text is wanted, as OpenAI takes both. */
export const tokensNotDone = z
  .union([z.array(z.number()).min(1), z.array(z.array(z.number()).min(1)).min(1)])
  .refine(() => false, { error: 'Numbers of tokens mean nothing to another tokenizer: send text.', params: { notDone: true } });

/** Where several shapes would do and none fits, the one that got furthest says best what is wrong. */
function closestIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flatMap((branch) => branch.slice(0, 1)).map(closestIssue);
  const refused = inner.find(({ code }) => code === 'custom');
  const furthest = inner.toSorted((a, b) => b.path.length - a.path.length)[0];
  const closest = refused ?? (furthest !== undefined && furthest.path.length > 0 ? furthest : undefined);
  return closest === undefined ? issue : { ...closest, path: [...issue.path, ...closest.path] };
}
