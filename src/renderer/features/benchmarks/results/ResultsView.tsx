import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useState } from 'react';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { navigate } from '../../../router.ts';
import { loadResults, openResults, useBenchmarks } from '../../../stores/benchmarks.ts';
import { startNewChat } from '../../../stores/chat.ts';
import { draftFromPlan } from '../../../stores/draftPlan.ts';
import { replaceDraft } from '../../../stores/runDraft.ts';
import { Button } from '../../../ui/Button.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { NoticeBanner } from '../NoticeBanner.tsx';
import { openRun } from '../PastRuns.tsx';
import { formatDayAndTime } from '../runTime.ts';
import { BaselineTab } from './baseline/BaselineTab.tsx';
import { ExtendDialog } from './ExtendDialog.tsx';
import { extensionOf } from './extension.ts';
import { Overview } from './Overview.tsx';
import { ReportButtons } from './ReportButtons.tsx';
import { OutdatedBanner, StateBanner } from './ResultBanners.tsx';
import { type OpenScenario, type ScenarioFilter, ScenariosTab } from './ScenariosTab.tsx';
import { TelemetryDialog } from './TelemetryDialog.tsx';

type Tab = 'overview' | 'scenarios' | 'baseline';

/** A finished run: the verdict and its evidence, or every scenario with its transcript. */
export function ResultsView({ run }: { readonly run: RunSummary }) {
  const loaded = useBenchmarks((state) => state.results[run.id]);
  const runs = useBenchmarks((state) => state.runs) ?? [];
  const [tab, setTab] = useState<Tab>('overview');
  const [filter, setFilter] = useState<ScenarioFilter | null>(null);
  const [dialog, setDialog] = useState<'extend' | 'telemetry' | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run is a new object with every change of the list
  useEffect(() => void openResults(run), [run.id, run.state, run.done]);
  const canExtend = run.state === 'done' && loaded?.state === 'ready' && extensionOf(loaded.value).suites.length > 0;

  function setUpAgain(change: { readonly moreItems?: boolean } = {}): void {
    const draft = draftFromPlan(run.plan);
    replaceDraft(change.moreItems === true ? { ...draft, itemLimit: null } : draft);
    navigate({ screen: 'benchmark' });
  }
  function chatWith(modelId: string): void {
    startNewChat(modelId);
    navigate({ screen: 'chat', conversationId: null });
  }

  const openScenario: OpenScenario = ({ modelId, suite, itemId }) => {
    setFilter({ modelId, suite, temperature: null, failingOnly: false, itemId });
    setTab('scenarios');
  };

  return (
    <Tabs.Root className="results" value={tab} onValueChange={(next) => setTab(next as Tab)}>
      <div className="bar-top">
        <div className="run-title">
          <h1 className="ell" title={run.name}>
            {run.name}
          </h1>
          <Select
            label="Choose run"
            size="sm"
            plain
            value={run.id}
            onChange={(id) => {
              const chosen = runs.find((one) => one.id === id);
              if (chosen !== undefined) openRun(chosen);
            }}
            options={runs.map((one) => ({ value: one.id, label: formatDayAndTime(one.startedAt), detail: one.name }))}
          />
        </div>
        <Tabs.List className="tabs" aria-label="Results">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="scenarios">Scenarios</Tabs.Tab>
          <Tabs.Tab value="baseline">Baseline and cost</Tabs.Tab>
        </Tabs.List>
        <ReportButtons
          runId={run.id}
          onRunAgain={() => setUpAgain()}
          onExtend={canExtend ? () => setDialog('extend') : null}
          onSend={() => setDialog('telemetry')}
        />
      </div>
      <NoticeBanner />
      <StateBanner run={run} />
      {loaded === undefined || loaded.state === 'loading' ? (
        <Skeleton label="Reading the results" rows={8} />
      ) : loaded.state === 'failed' ? (
        <div className="pane-banner">
          <ErrorState
            title="The results could not be read"
            error={loaded.problem}
            actions={
              <Button size="sm" onClick={() => void loadResults(run.id)}>
                Try again
              </Button>
            }
          />
        </div>
      ) : (
        <>
          <OutdatedBanner reasons={loaded.value.outdated ?? []} onRunAgain={() => setUpAgain()} />
          {dialog === 'extend' ? <ExtendDialog results={loaded.value} onClose={() => setDialog(null)} /> : null}
          <Tabs.Panel value="overview" className="panel scroll">
            <Overview
              results={loaded.value}
              onChat={chatWith}
              onSetUpAgain={() => setUpAgain({ moreItems: true })}
              onOpenCell={(modelId, suite, temperature) => {
                setFilter({ modelId, suite, temperature, failingOnly: false, itemId: null });
                setTab('scenarios');
              }}
              onExtend={canExtend ? () => setDialog('extend') : null}
              onOpen={openScenario}
            />
          </Tabs.Panel>
          <Tabs.Panel value="scenarios" className="panel">
            <ScenariosTab results={loaded.value} filter={filter ?? firstFilter(loaded.value)} onFilter={setFilter} />
          </Tabs.Panel>
          <Tabs.Panel value="baseline" className="panel scroll">
            <BaselineTab results={loaded.value} onOpen={openScenario} />
          </Tabs.Panel>
        </>
      )}
      {dialog === 'telemetry' ? <TelemetryDialog runId={run.id} onClose={() => setDialog(null)} /> : null}
    </Tabs.Root>
  );
}

function firstFilter(results: RunResults): ScenarioFilter {
  const subject = results.models.find((model) => model.modelId === results.verdict.modelId) ?? results.models[0];
  return { modelId: subject?.modelId ?? '', suite: subject?.suites[0]?.suite ?? '', temperature: null, failingOnly: false, itemId: null };
}
