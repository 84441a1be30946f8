import type { LoadedRunner, ModelService } from '#main/services/models/modelService.ts';
import type { RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import { type ApiCall, currentCall } from './apiCall.ts';
import { ApiError } from './apiErrors.ts';
import type { ApiQueue } from './apiQueue.ts';

/**
 * The models as the dialects get them: who asks for one takes a place in the queue, gives it back when the client hangs up, and what the model gave is
 * noted with the request. Counting tokens takes no place: it needs none of a model's conversations.
 */
export function queuedModels<Models extends Pick<ModelService, 'acquire'>>(models: Models, queue: ApiQueue): Models {
  /** Requests that have been let in: one may ask for several answers. */
  const letIn = new WeakSet<ApiCall>();

  async function enter(id: string, { call, signal }: { readonly call: ApiCall; readonly signal: AbortSignal }): Promise<() => void> {
    const isFurther = letIn.has(call);
    letIn.add(call);
    try {
      const onWait = (): void => void (isFurther || call.isState('waiting'));
      const leave = await queue.enter(id, { client: call.client, signal, isFurther, onWait });
      call.isState('running');
      return leave;
    } catch (error) {
      throw call.signal.aborted ? stopping() : error;
    }
  }

  return {
    ...models,
    async acquire(id, wish = {}) {
      const call = currentCall();
      if (call === undefined) return await models.acquire(id, wish);
      const signal = wish.signal === undefined ? call.signal : AbortSignal.any([wish.signal, call.signal]);
      const leave = isCounting(call) ? () => undefined : await enter(id, { call, signal });
      try {
        return observed(await models.acquire(id, { ...wish, signal, holder: 'api' }), { call, leave });
      } catch (error) {
        leave();
        throw call.signal.aborted ? stopping() : error;
      }
    },
  };
}

const isCounting = ({ path }: ApiCall): boolean => /\/(count|input)_tokens$/.test(path);

function observed(runner: LoadedRunner, { call, leave }: { readonly call: ApiCall; readonly leave: () => void }): LoadedRunner {
  const { generation } = runner;
  /** What has ended because the server stops is no answer. */
  const unlessStopped = async <T>(work: (signal: AbortSignal) => Promise<T>, asked: AbortSignal | undefined): Promise<T> => {
    const signal = asked === undefined ? call.signal : AbortSignal.any([asked, call.signal]);
    try {
      const made = await work(signal);
      if (!call.signal.aborted) return made;
    } catch (error) {
      if (!call.signal.aborted) throw error;
    }
    throw stopping();
  };
  const watched: Pick<RunnerGeneration, 'generate' | 'embed'> = {
    generate: (request, options = {}) =>
      unlessStopped(async (signal) => {
        const result = await generation.generate(request, { ...options, signal });
        call.gave(result);
        return result;
      }, options.signal),
    embed: (request, options = {}) =>
      unlessStopped(async (signal) => {
        const result = await generation.embed(request, { ...options, signal });
        call.counted({ promptTokens: result.promptTokens, cachedTokens: 0, completionTokens: 0 });
        return result;
      }, options.signal),
  };
  return {
    ...runner,
    // What is not watched stays the runner's own, its live fields too.
    generation: Object.assign(Object.create(generation) as RunnerGeneration, watched),
    release() {
      leave();
      runner.release();
    },
  };
}

const stopping = (): ApiError =>
  new ApiError({ status: 503, code: 'server_stopping', message: 'The server of Rightsize was stopped, and the answer with it.' });
