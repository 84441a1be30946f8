import { Tabs } from '@base-ui/react/tabs';
import { Download, Ellipsis, FileText, RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { ReportFormat, RunResults, RunSummary } from '#shared/contract/benchmarks.ts';
import { navigate } from '../../../router.ts';
import { loadResults, resumeRun, saveReport, useBenchmarks } from '../../../stores/benchmarks.ts';
import { startNewChat } from '../../../stores/chat.ts';
import { draftFromPlan } from '../../../stores/draftPlan.ts';
import { replaceDraft } from '../../../stores/runDraft.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { Button } from '../../../ui/Button.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { useIsNarrow } from '../../../ui/useIsNarrow.ts';
import { NoticeBanner } from '../NoticeBanner.tsx';
import { openRun, PastRuns } from '../PastRuns.tsx';
import { formatDayAndTime } from '../runTime.ts';
import { BaselineTab } from './baseline/BaselineTab.tsx';
import { ExtendDialog } from './ExtendDialog.tsx';
import { extensionOf } from './extension.ts';
import { Overview } from './Overview.tsx';
import { type OpenScenario, type ScenarioFilter, ScenariosTab } from './ScenariosTab.tsx';
import { TelemetryDialog } from './TelemetryDialog.tsx';

interface Form {
  readonly format: ReportFormat;
  readonly label: string;
  readonly detail: string;
}

/** Buttons of their own where there is room. */
const buttonForms: readonly Form[] = [
  { format: 'csv', label: 'CSV', detail: 'for a spreadsheet' },
  { format: 'json', label: 'JSON', detail: 'all numbers' },
];
const moreForms: readonly Form[] = [
  { format: 'md', label: 'Markdown', detail: 'for notes and tickets' },
  { format: 'jsonl', label: 'JSONL', detail: 'every answer' },
  { format: 'junit', label: 'JUnit XML', detail: 'for build servers' },
];

type Tab = 'overview' | 'scenarios' | 'baseline';

/** A finished run: the verdict and its evidence, or every scenario with its transcript. */
export function ResultsView({ run }: { readonly run: RunSummary }) {
  const loaded = useBenchmarks((state) => state.results[run.id]);
  const runs = useBenchmarks((state) => state.runs) ?? [];
  const isNarrow = useIsNarrow();
  const [tab, setTab] = useState<Tab>('overview');
  const [filter, setFilter] = useState<ScenarioFilter | null>(null);
  const [dialog, setDialog] = useState<'extend' | 'telemetry' | null>(null);
  useEffect(() => void loadResults(run.id), [run.id]);
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
        <h1 className="ell">{run.name}</h1>
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
        <Tabs.List className="tabs" aria-label="Results">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="scenarios">Scenarios</Tabs.Tab>
          <Tabs.Tab value="baseline">Baseline and cost</Tabs.Tab>
        </Tabs.List>
        <div className="end">
          <Button icon={RotateCw} onClick={() => setUpAgain()}>
            Run again
          </Button>
          {isNarrow ? null : (
            <>
              <Button icon={Download} onClick={() => void saveReport(run.id, 'csv')}>
                CSV
              </Button>
              <Button onClick={() => void saveReport(run.id, 'json')}>JSON</Button>
            </>
          )}
          <Button icon={FileText} onClick={() => void saveReport(run.id, 'html')}>
            HTML report
          </Button>
          <Menu
            align="end"
            trigger={<IconButton icon={Ellipsis} label="More forms of the report" className="btn" />}
            actions={[
              ...(isNarrow ? [...buttonForms, ...moreForms] : moreForms).map(({ format, label, detail }) => ({
                label,
                detail,
                run: () => void saveReport(run.id, format),
              })),
              null,
              ...(canExtend ? [{ label: 'Run more items…', detail: 'of the same run', run: () => setDialog('extend') }] : []),
              { label: 'Send to a collector…', detail: 'OpenTelemetry', run: () => setDialog('telemetry') },
            ]}
          />
          <PastRuns isCompact />
        </div>
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

function OutdatedBanner({ reasons, onRunAgain }: { readonly reasons: readonly string[]; readonly onRunAgain: () => void }) {
  if (reasons.length === 0) return null;
  return (
    <Banner
      tone="warn"
      className="pane-banner"
      title="Something has changed since this run"
      actions={
        <Button size="sm" onClick={onRunAgain}>
          Run again
        </Button>
      }
    >
      {reasons.join(' ')}
    </Banner>
  );
}

function StateBanner({ run }: { readonly run: RunSummary }) {
  if (run.state === 'interrupted' || run.state === 'failed') {
    return (
      <Banner
        tone="warn"
        className="pane-banner"
        title={`${run.state === 'failed' ? (run.error?.message ?? 'The run failed') : 'This run was interrupted'}: ${formatCount(run.done)} of ${formatCount(run.total)} calls are measured`}
        actions={
          <Button
            size="sm"
            onClick={() => {
              void resumeRun(run.id);
              navigate({ screen: 'benchmark-run', runId: run.id });
            }}
          >
            Resume
          </Button>
        }
      >
        {run.error?.hint ?? 'Resuming asks only what is missing.'}
      </Banner>
    );
  }
  if (run.state === 'done' && run.error !== null) {
    return (
      <Banner tone="warn" className="pane-banner" title={run.error.message}>
        {run.error.hint}
      </Banner>
    );
  }
  if (run.state !== 'cancelled') return null;
  return (
    <Banner className="pane-banner" title={`Cancelled at ${formatCount(run.done)} of ${formatCount(run.total)} calls`}>
      Everything below comes from what was measured until then.
    </Banner>
  );
}
