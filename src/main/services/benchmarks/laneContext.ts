import { suiteDefaults } from '#core/bench/suiteDefaults.ts';
import type { LoadingOptions } from '#main/services/models/modelService.ts';
import { type LoadOptions, modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { LaneRunner } from './laneRunner.ts';
import type { ModelTask } from './modelTask.ts';

type Context = Pick<LoadOptions, 'contextTokens'> & Pick<LoadingOptions, 'wishedContextTokens'>;
type LoadWithContext = (load: (context: Context) => Promise<LaneRunner>) => Promise<LaneRunner>;

/**
 * Decides with which context a model's runners are loaded: with the plan's. Where it names none and a suite wishes one, with as much of that as
 * fits and the model was trained for; then all runners of this model have the same, those of a later sitting and after a crash too.
 * @returns loads one; it throws whatever loading throws
 */
export function createLaneContext({ run, model }: Pick<ModelTask, 'run' | 'model'>): LoadWithContext {
  const wishedContextTokens = run.plan.contextTokens === null ? suiteDefaults(run.suites).contextTokens : null;
  let contextTokens = run.plan.contextTokens ?? (wishedContextTokens === null ? null : model.contextTokens);
  return async (load) => {
    const runner = await load({ contextTokens, wishedContextTokens }).catch((error: unknown) => {
      // The estimate was too kind. The usual context leaves more items unasked, none would leave all.
      const mayTryLess = wishedContextTokens !== null && contextTokens === null;
      if (!mayTryLess || !(error instanceof RpcError) || error.code !== modelErrors.outOfMemory) throw error;
      return load({ contextTokens: null, wishedContextTokens: null });
    });
    if (wishedContextTokens !== null) contextTokens = runner.fresh.load.contextTokens;
    return runner;
  };
}
