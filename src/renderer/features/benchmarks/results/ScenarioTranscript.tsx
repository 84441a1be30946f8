import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { ModelResult } from '#shared/contract/benchmarkResults.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';
import { AllModelsTable } from './AllModelsTable.tsx';
import { comparedLines } from './comparedLines.ts';
import { GradeCard } from './GradeCard.tsx';
import { Judgements } from './Judgements.tsx';
import { SampleNumbers } from './SampleNumbers.tsx';
import { firstToRead, runWords, type Scenario } from './scenarios.ts';
import { ToolCalls } from './ToolCalls.tsx';

interface ScenarioTranscriptProps {
  readonly scenario: Scenario;
  readonly models: readonly ModelResult[];
  readonly modelId: string;
  /** Of all gradings by one grader in this suite, how many a person overruled; null while none was. */
  readonly overruledOf: (grader: string) => string | null;
  readonly onModel: (modelId: string) => void;
  readonly onMove: (step: number) => void;
  /** A person has overruled a grade, or taken that back. */
  readonly onChanged: () => void;
}

/** What was asked, what was expected, what came, and why it was graded so. */
export function ScenarioTranscript({ scenario, models, modelId, overruledOf, onModel, onMove, onChanged }: ScenarioTranscriptProps) {
  const samples = scenario.byModel.get(modelId) ?? [];
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  const sample = samples.find((one) => sampleKey(one) === chosenKey) ?? firstToRead(samples);
  const model = models.find((one) => one.modelId === modelId);
  return (
    <section className="pane grow tr" aria-label={`Scenario ${scenario.itemId}`}>
      <div className="scroll in">
        <header className="row spread">
          <div className="grow">
            <h2 className="h2 ell" title={scenario.title}>
              {scenario.title}
            </h2>
            <p className="sm ell">
              <span className="mono xs">{scenario.itemId}</span> {model?.name} {model?.quant}
              {sample === undefined ? '' : `, temperature ${sample.temperature}${runWords(sample, samples)}, seed ${sample.seed}`}
            </p>
          </div>
          {samples.length < 2 || sample === undefined ? null : (
            <Select
              size="sm"
              label="Which run"
              value={sampleKey(sample)}
              onChange={setChosenKey}
              options={samples.map((one) => ({
                value: sampleKey(one),
                label: `T ${one.temperature}${runWords(one, samples)}`,
                detail: one.state === 'skipped' ? 'not run' : one.state,
              }))}
            />
          )}
          <div className="row row-1">
            <IconButton icon={ChevronUp} label="Previous scenario" keys={['K']} className="boxed" onClick={() => onMove(-1)} />
            <IconButton icon={ChevronDown} label="Next scenario" keys={['J']} className="boxed" onClick={() => onMove(1)} />
          </div>
        </header>
        {sample === undefined ? (
          <p className="note">This model was not asked this scenario.</p>
        ) : (
          <Transcript
            sample={sample}
            models={models}
            modelName={model?.name ?? 'The model'}
            overruled={overruledOf(sample.grade?.grader ?? '')}
            onChanged={onChanged}
          />
        )}
        <AllModelsTable scenario={scenario} models={models} modelId={modelId} onModel={onModel} />
      </div>
    </section>
  );
}

function sampleKey(sample: Sample): string {
  return `${sample.temperature} ${sample.repeat}`;
}

interface TranscriptProps {
  readonly sample: Sample;
  readonly models: readonly ModelResult[];
  readonly modelName: string;
  readonly overruled: string | null;
  readonly onChanged: () => void;
}

function Transcript({ sample, models, modelName, overruled, onChanged }: TranscriptProps) {
  return (
    <>
      <GradeCard sample={sample} overruled={overruled} onChanged={onChanged} />
      {sample.system === null || sample.system === '' ? null : (
        <>
          <h3 className="tl">System</h3>
          <div className="quote selectable">{sample.system}</div>
        </>
      )}
      <h3 className="tl">User</h3>
      <div className="quote long selectable">{sample.input}</div>
      {sample.reasoning == null || sample.reasoning === '' ? null : (
        <details className="thought">
          <summary>Reasoning, {formatCount(sample.reasoning.length)} characters</summary>
          <div className="quote long selectable">{sample.reasoning}</div>
        </details>
      )}
      <ToolCalls calls={sample.calls ?? []} />
      <Answers sample={sample} modelName={modelName} />
      <Judgements judgements={sample.judgements ?? []} models={models} />
      <SampleNumbers sample={sample} />
    </>
  );
}

/** Side by side; where both are JSON, line by line with what the other has not. */
function Answers({ sample, modelName }: { readonly sample: Sample; readonly modelName: string }) {
  const lines = comparedLines(sample.expected, sample.output);
  const answered = sample.output === null ? '–' : sample.output === '' ? '(nothing)' : sample.output;
  return (
    <div className="two-up">
      <div>
        <h3 className="tl">Expected</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre className="code wrapped" tabIndex={0}>
          {lines === null ? sample.expected : <Lines lines={lines.expected} kind="missing" />}
        </pre>
      </div>
      <div>
        <h3 className="tl">{modelName} answered</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre className="code wrapped" tabIndex={0}>
          {lines === null ? answered : <Lines lines={lines.answered} kind="wrong" />}
        </pre>
      </div>
    </div>
  );
}

function Lines({
  lines,
  kind,
}: {
  readonly lines: readonly { readonly text: string; readonly differs: boolean }[];
  readonly kind: 'missing' | 'wrong';
}) {
  return lines.map(({ text, differs }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
    <span key={index} className={differs ? `ln ${kind}` : 'ln'}>
      {differs ? <span className="sr">{kind === 'missing' ? 'not answered: ' : 'not expected: '}</span> : null}
      {text}
    </span>
  ));
}
