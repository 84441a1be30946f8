import { useEffect, useMemo } from 'react';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import { fitOf } from '../../fit/fitPlan.ts';
import { useFitMachine } from '../../fit/useFitPlan.ts';
import { useFreshMachine } from '../../fit/useFreshMachine.ts';
import { shapeOf, useFit, wantOpened } from '../../stores/fit.ts';
import { onConnected } from '../../stores/rpc.ts';
import { longerContext, longerContextWords } from './longerContext.ts';

/** What twice the context of a loaded model would take. Nothing until its header and the machine are read. */
export function LongerContextNote({ artifact, running }: { readonly artifact: Artifact; readonly running: LoadedModel }) {
  useFreshMachine();
  const machine = useFitMachine();
  const known = useFit((state) => shapeOf(state.shapes, artifact));
  useEffect(() => onConnected(() => wantOpened(artifact)), [artifact]);
  const { contextTokens } = running;
  const kvType = running.kvType ?? 'f16';
  const words = useMemo(() => {
    if (machine === null || contextTokens === null || known?.state !== 'ready') return null;
    const longerTokens = longerContext(known.shape, contextTokens);
    if (longerTokens === null) return null;
    const now = fitOf(known, { machine, contextTokens, kvType });
    const longer = fitOf(known, { machine, contextTokens: longerTokens, kvType });
    return now === null || longer === null ? null : longerContextWords(longerTokens, { now, longer });
  }, [machine, known, contextTokens, kvType]);
  return words === null ? null : <>{words} </>;
}
