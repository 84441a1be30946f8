import { RotateCw } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { navigate } from '../../../router.ts';
import { useShortcut } from '../../../shell/useShortcut.ts';
import { estimateRun, loadSuites, resumeRun, startRun, useBenchmarks } from '../../../stores/benchmarks.ts';
import {
  countScenarios,
  type Depth,
  depthOf,
  maxTokensFor,
  planFromDraft,
  preselectSuites,
  presetOf,
  temperaturesAfter,
  withoutGone,
} from '../../../stores/draftPlan.ts';
import { loadEndpoints, useEndpoints } from '../../../stores/endpoints.ts';
import { useLibrary } from '../../../stores/library.ts';
import { changeDraft, useDraft } from '../../../stores/runDraft.ts';
import { useSystem } from '../../../stores/system.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { NoticeBanner } from '../NoticeBanner.tsx';
import { PastRuns } from '../PastRuns.tsx';
import type { SelectableModel } from './judgeChoices.ts';
import { ModelsTable } from './ModelsTable.tsx';
import { RunSettings } from './RunSettings.tsx';
import { RunSummaryPanel } from './RunSummaryPanel.tsx';
import { type RemoteModel, remoteModels } from './remoteModels.ts';
import { SuitesList } from './SuitesList.tsx';

/** Models, suites and settings of a new run; everything usable is chosen already. */
export function SetupView() {
  const draft = useDraft();
  const artifacts = useLibrary((state) => state.artifacts);
  const libraryState = useLibrary((state) => state.state);
  const suites = useBenchmarks((state) => state.suites);
  const runs = useBenchmarks((state) => state.runs);
  const memory = useSystem((state) => state.hardware?.memory ?? null);
  const [isStarting, setStarting] = useState(false);

  const endpoints = useEndpoints((state) => state.endpoints);

  useEffect(() => {
    void loadSuites();
    void loadEndpoints();
  }, []);

  const models = useMemo(() => artifacts.toSorted((a, b) => a.sizeBytes - b.sizeBytes), [artifacts]);
  const ready = models.filter((model) => model.state === 'ready');
  const known = suites.state === 'ready' ? suites.value : [];
  const chosenModels = draft.modelIds === null ? ready : ready.filter((model) => draft.modelIds?.includes(model.id));
  const remote = useMemo(() => remoteModels(endpoints ?? []), [endpoints]);
  const chosenRemote = remote.filter((model) => draft.modelIds?.includes(model.id));
  const chosenByHand = draft.suiteIds === null ? [] : known.filter((suite) => draft.suiteIds?.includes(suite.id));
  const depth = depthOf(draft, chosenByHand);
  const chosenSuiteIds = draft.suiteIds ?? preselectSuites(known, depth);
  const chosenSuites = known.filter((suite) => chosenSuiteIds.includes(suite.id));
  const { scenarios, callsEach } = countScenarios(draft, chosenSuites);
  const chosenIds = [...chosenModels, ...chosenRemote].map((model) => model.id);
  const judges = [...ready.map(selectable), ...remote.map(selectableRemote)];
  const settled = withoutGone(
    { ...draft, maxTokens: maxTokensFor(draft, chosenSuites) },
    { judgeIds: judges.map((model) => model.id), runIds: runs?.map((run) => run.id) ?? null },
  );
  const plan = planFromDraft(settled, { modelIds: chosenIds, suiteIds: chosenSuites.map((suite) => suite.id) });
  const estimate = useEstimate(plan);
  const blocked = chosenIds.length === 0 ? 'Choose at least one model.' : chosenSuites.length === 0 ? 'Choose at least one suite.' : null;

  function selectSuites(suiteIds: readonly string[]): void {
    const after = known.filter((suite) => suiteIds.includes(suite.id));
    changeDraft({ suiteIds, temperatures: temperaturesAfter(draft, { before: chosenSuites, after }) });
  }

  async function start(): Promise<void> {
    if (plan === null || blocked !== null || isStarting) return;
    setStarting(true);
    const runId = await startRun(plan);
    setStarting(false);
    if (runId !== null) navigate({ screen: 'benchmark-run', runId });
  }
  useShortcut('Ctrl+Enter', () => void start());

  return (
    <>
      <div className="bar-top">
        <h1>New benchmark</h1>
        <div className="end">
          <Segmented<Depth | 'custom'>
            label="Depth"
            value={depth ?? 'custom'}
            onChange={(next) => {
              if (next !== 'custom') changeDraft(presetOf(next, chosenByHand));
            }}
            options={[
              { value: 'quick', label: 'Quick' },
              { value: 'standard', label: 'Standard' },
              { value: 'thorough', label: 'Thorough' },
            ]}
          />
          <PastRuns />
        </div>
      </div>
      <NoticeBanner />
      <InterruptedRun />
      <div className="body bench-setup">
        <section className="pane grow">
          <div className="scroll in">
            {libraryState === 'loading' ? (
              <Skeleton label="Loading models" rows={6} />
            ) : models.length === 0 && remote.length === 0 ? (
              <EmptyState
                title="No models yet"
                actions={
                  <Button variant="primary" onClick={() => navigate({ screen: 'library' })}>
                    Add models
                  </Button>
                }
              >
                Add a folder with GGUF files, or import one. Then one button benchmarks them all.
              </EmptyState>
            ) : (
              <ModelsTable
                models={models}
                remote={remote}
                selected={new Set(chosenIds)}
                onSelect={(modelIds) => changeDraft({ modelIds })}
                estimate={estimate}
              />
            )}
            <div className="two">
              {suites.state === 'loading' ? (
                <Skeleton label="Loading suites" rows={5} />
              ) : suites.state === 'failed' ? (
                <ErrorState
                  title="The suites could not be read"
                  error={suites.problem}
                  actions={
                    <Button size="sm" onClick={() => void loadSuites()}>
                      Try again
                    </Button>
                  }
                />
              ) : (
                <SuitesList suites={suites.value} selected={new Set(chosenSuiteIds)} onSelect={selectSuites} scenarios={scenarios} />
              )}
              <RunSettings
                draft={settled}
                onChange={changeDraft}
                suites={chosenSuites}
                candidates={[...chosenModels.map(selectable), ...chosenRemote.map(selectableRemote)]}
                judges={judges}
              />
            </div>
          </div>
        </section>
        <RunSummaryPanel
          draft={draft}
          models={chosenModels}
          remote={chosenRemote}
          scenarios={scenarios}
          callsEach={callsEach}
          measuresSpeed={chosenSuites.some((suite) => suite.kind === 'speed')}
          estimate={estimate}
          memory={memory}
          blocked={blocked}
          isStarting={isStarting}
          onStart={() => void start()}
        />
      </div>
    </>
  );
}

const selectable = ({ id, name, quant }: Artifact): SelectableModel => ({
  id,
  name,
  label: quant === null ? name : `${name} ${quant}`,
});
const selectableRemote = ({ id, name, endpoint }: RemoteModel): SelectableModel => ({ id, name, label: `${name} (${endpoint})` });

/** The newest run, when the app ended in the middle of it. */
function InterruptedRun() {
  const run = useBenchmarks((state) => state.runs?.[0]);
  if (run?.state !== 'interrupted') return null;
  const show = (): void => navigate({ screen: 'benchmark-run', runId: run.id });
  return (
    <Banner
      tone="warn"
      icon={RotateCw}
      className="pane-banner"
      title={`The run “${run.name}” was interrupted at ${formatCount(run.done)} of ${formatCount(run.total)}`}
      actions={
        <>
          <Button size="sm" variant="ghost" onClick={show}>
            Show it
          </Button>
          <Button size="sm" onClick={() => void resumeRun(run.id).then(show)}>
            Resume
          </Button>
        </>
      }
    >
      Every finished answer is kept; resuming asks only what is missing.
    </Banner>
  );
}

/** The cost of the plan, asked again when it has rested for a moment. The last answer stays while the next is on its way. */
function useEstimate(plan: ReturnType<typeof planFromDraft>): Estimate | null {
  const [estimate, setEstimate] = useState<Estimate | null>(null);
  const key = plan === null ? null : JSON.stringify(plan);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plan is a new object each time, its text is not
  useEffect(() => {
    if (plan === null) {
      setEstimate(null);
      return;
    }
    const asked = new AbortController();
    const timer = setTimeout(() => {
      estimateRun(plan, { signal: asked.signal }).then(setEstimate, () => undefined);
    }, 120);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [key]);
  return estimate;
}
