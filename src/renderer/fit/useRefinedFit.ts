import { useEffect, useMemo } from 'react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import type { FitTarget, Placement } from '#shared/contract/fit.ts';
import { askEngine, type EngineFigure, type EngineQuestion, questionKey, useEngineFigures } from '../stores/engineFigures.ts';
import { onConnected } from '../stores/rpc.ts';
import { engineQuestion, joinEngine } from './engineQuestion.ts';
import { type FitPlan, type FitSubject, fitOf } from './fitPlan.ts';

export interface RefinedFit {
  readonly fit: FitEstimate;
  /** t0: computed here; t1: the engine's own dry run. */
  readonly tier: 't0' | 't1';
  readonly placement: Placement;
  readonly isAsking: boolean;
  /** Why the engine gave no figure; null where it did, or was not asked. */
  readonly reason: string | null;
}

/** A choice passed over with arrows or slider is never asked for. */
const restMs = 600;

/** What one model takes: computed at once, and by the engine's own word as soon as the choice rests. @returns null where no estimate can be made */
export function useRefinedFit(target: FitTarget, subject: FitSubject | null, plan: FitPlan | null): RefinedFit | null {
  const estimated = useMemo(() => {
    const fit = subject === null || plan === null ? null : fitOf(subject, plan);
    return subject === null || plan === null || fit === null ? null : { subject, plan, fit };
  }, [subject, plan]);
  const question = useMemo(() => (estimated === null ? null : engineQuestion(target, estimated)), [estimated, target]);
  const figure = useEngineFigure(question);
  return useMemo(() => {
    if (estimated === null || question === null) return null;
    const joined = figure?.state === 'known' ? joinEngine(estimated, figure.engine) : null;
    return {
      fit: joined ?? estimated.fit,
      tier: joined === null ? 't0' : 't1',
      isAsking: figure?.state === 'asking',
      placement: question.placement,
      reason: figure?.state === 'unknown' ? figure.reason : null,
    };
  }, [estimated, question, figure]);
}

function useEngineFigure(question: EngineQuestion | null): EngineFigure | undefined {
  const key = question === null ? null : questionKey(question);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the question
  useEffect(() => {
    if (question === null || useEngineFigures.getState().figures.get(questionKey(question))?.state === 'known') return;
    let stop: (() => void) | undefined;
    const timer = setTimeout(() => {
      stop = onConnected((signal) => void askEngine(question, { signal }));
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [key]);
  return useEngineFigures((state) => (key === null ? undefined : state.figures.get(key)));
}
