import * as z from 'zod';
import type { EndpointCheck } from '#shared/contract/endpoints.ts';
import { packages } from '../packages.ts';
import { askedOf, contentKind, discard, type EndpointLine, headersOf, readText } from './askEndpoint.ts';
import { parseJson } from './chatAnswer.ts';
import { garbage, networkProblem, rateLimited, refusal } from './endpointProblem.ts';

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) });
const listBytes = 16_000_000;
const mostModels = 2000;
const longestName = 120;
const deadlineMs = 30_000;

interface Found {
  readonly status: number;
  /** Null where the answer is no list of models. */
  readonly models: readonly string[] | null;
}

/**
 * Asks an endpoint for its models. Whatever goes wrong is part of the outcome.
 * @param line where to ask, with the key that may go there
 */
export async function checkEndpoint(
  line: EndpointLine,
  options: { readonly signal: AbortSignal; readonly clock: () => number },
): Promise<EndpointCheck> {
  const begunAt = options.clock();
  const asked = askedOf(line);
  const outcome = (answer: Omit<EndpointCheck, 'tookMs'>): EndpointCheck => ({ ...answer, tookMs: options.clock() - begunAt });
  try {
    const found = await askForModels(line, options.signal);
    if (found.status === 200 && found.models !== null) return outcome(listed(found.models));
    const { pathname } = new URL(line.baseUrl);
    if (pathname === '/' && found.status !== 401 && found.status !== 403) {
      const deeper = await askForModels({ ...line, baseUrl: `${line.baseUrl}/v1` }, options.signal);
      if (deeper.models !== null) {
        const message = 'This server answers at another address.';
        return outcome({ ok: false, message, hint: `Use ${line.baseUrl}/v1`, models: [...deeper.models] });
      }
    }
    if (found.status === 404 || found.status === 405) {
      const hint = 'Name its models yourself. If answers fail, check the address: it mostly ends in /v1.';
      return outcome({ ok: true, message: `${asked.host} answers, but does not list its models.`, hint, models: [] });
    }
    const problem =
      found.status === 200
        ? garbage(asked, 'there is no list of models')
        : found.status === 429
          ? rateLimited(asked, null)
          : refusal({ status: found.status, said: null }, asked);
    return outcome({ ok: false, message: problem.message, hint: problem.hint ?? null, models: [] });
  } catch (error) {
    if (options.signal.aborted) throw error;
    const problem = networkProblem(error, asked, deadlineMs / 1000);
    return outcome({ ok: false, message: problem.message, hint: problem.hint ?? null, models: [] });
  }
}

async function askForModels(line: EndpointLine, signal: AbortSignal): Promise<Found> {
  const response = await packages.undici.request(`${line.baseUrl}/models`, {
    dispatcher: line.dispatcher,
    headers: { ...headersOf(line), accept: 'application/json' },
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    signal,
  });
  const isList = response.statusCode === 200 && contentKind(response) === 'json';
  if (!isList) {
    discard(response);
    return { status: response.statusCode, models: null };
  }
  const list = ModelList.safeParse(parseJson(await readText(response, listBytes)));
  if (!list.success) return { status: 200, models: null };
  const names = list.data.data.map(({ id }) => id).filter((id) => id !== '' && id.length <= longestName && !/\p{C}/u.test(id));
  return { status: 200, models: [...new Set(names)].slice(0, mostModels) };
}

function listed(models: readonly string[]): Omit<EndpointCheck, 'tookMs'> {
  if (models.length === 0) {
    return { ok: true, message: 'It answers, and has no models.', hint: 'Load or pull one there.', models: [] };
  }
  return {
    ok: true,
    message: `It answers, with ${models.length === 1 ? '1 model' : `${models.length} models`}.`,
    hint: null,
    models: [...models],
  };
}
