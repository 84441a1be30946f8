import { Check, ChevronDown, ChevronUp, MessageSquare, Minus, TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import { answerKind } from '#core/bench/answerKind.ts';
import { formatCount, formatDuration, formatTokensPerSecond } from '#core/units.ts';
import type { ModelResult, Sample } from '#shared/contract/benchmarks.ts';
import { navigate } from '../../../router.ts';
import { changeDraft, startNewChat, typeMessage } from '../../../stores/chat.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Tag } from '../../../ui/Tag.tsx';
import { AllModelsTable } from './AllModelsTable.tsx';
import { firstToRead, type Scenario } from './scenarios.ts';

interface ScenarioTranscriptProps {
  readonly scenario: Scenario;
  readonly models: readonly ModelResult[];
  readonly modelId: string;
  readonly onModel: (modelId: string) => void;
  readonly onMove: (step: number) => void;
}

/** What was asked, what was expected, what came, and why it was graded so. */
export function ScenarioTranscript({ scenario, models, modelId, onModel, onMove }: ScenarioTranscriptProps) {
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
              {sample === undefined
                ? ''
                : `, temperature ${sample.temperature}${samples.length > 1 ? `, run ${sample.repeat + 1}` : ''}, seed ${sample.seed}`}
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
                label: `T ${one.temperature}, run ${one.repeat + 1}`,
                detail: one.state,
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
          <Transcript sample={sample} modelName={model?.name ?? 'The model'} />
        )}
        <AllModelsTable scenario={scenario} models={models} modelId={modelId} onModel={onModel} />
      </div>
    </section>
  );
}

function sampleKey(sample: Sample): string {
  return `${sample.temperature} ${sample.repeat}`;
}

function Transcript({ sample, modelName }: { readonly sample: Sample; readonly modelName: string }) {
  return (
    <>
      <GradeCard sample={sample} />
      {sample.system === null || sample.system === '' ? null : (
        <>
          <h3 className="tl">System</h3>
          <div className="quote selectable">{sample.system}</div>
        </>
      )}
      <h3 className="tl">User</h3>
      <div className="quote selectable">{sample.input}</div>
      <div className="two-up">
        <div>
          <h3 className="tl">Expected</h3>
          <pre className="code wrapped">{sample.expected}</pre>
        </div>
        <div>
          <h3 className="tl">{modelName} answered</h3>
          <pre className="code wrapped">{sample.output === null ? '–' : sample.output === '' ? '(nothing)' : sample.output}</pre>
        </div>
      </div>
      <SampleNumbers sample={sample} />
    </>
  );
}

const cards = {
  passed: { tone: 'ok', icon: Check, words: 'Pass' },
  failed: { tone: 'bad', icon: X, words: 'Fail' },
  error: { tone: 'warn', icon: TriangleAlert, words: 'Error, counted as a fail' },
  skipped: { tone: 'mute', icon: Minus, words: 'Skipped' },
  measured: { tone: 'mute', icon: Minus, words: 'Measured' },
} as const;

function GradeCard({ sample }: { readonly sample: Sample }) {
  const card = cards[sample.state];
  const kind = sample.state === 'failed' ? answerKind(sample.output ?? '') : 'answered';
  function openInChat(): void {
    startNewChat(sample.modelId);
    changeDraft({ systemPrompt: sample.system ?? '' });
    typeMessage(null, sample.input);
    navigate({ screen: 'chat', conversationId: null });
  }
  return (
    <div className={`grade ${card.tone}`} role="status">
      <div className="gh">
        <Icon of={card.icon} size={15} />
        <b>{card.words}</b>
        {kind === 'answered' ? null : <Tag tone="bad">{kind === 'refused' ? 'Refused' : 'Empty answer'}</Tag>}
        {sample.grade === null ? null : <Tag title={sample.grade.grader}>{graderWords[sample.grade.grader] ?? sample.grade.grader}</Tag>}
      </div>
      <p className="selectable">{sample.error?.message ?? sample.grade?.reason ?? 'No grade.'}</p>
      {sample.error?.hint === undefined ? null : <p>{sample.error.hint}</p>}
      {sample.grade?.fields == null ? null : (
        <div className="fields">
          {sample.grade.fields.map((field) => (
            <Tag key={field.name} tone={field.passed ? 'ok' : 'bad'} icon={field.passed ? Check : X}>
              {field.name}
            </Tag>
          ))}
        </div>
      )}
      <div className="row">
        <Button size="sm" icon={MessageSquare} onClick={openInChat}>
          Open in chat
        </Button>
        {sample.grade?.format == null ? null : (
          <span className="note end">
            format: {sample.grade.format.strict ? 'as asked' : sample.grade.format.loose ? 'as asked after trimming' : 'not as asked'}
          </span>
        )}
      </div>
    </div>
  );
}

const graderWords: Readonly<Record<string, string>> = {
  exact: 'Same text',
  'one-of': 'One of several texts',
  contains: 'Contains the text',
  regex: 'Matches the pattern',
  numeric: 'Same number',
  'same-set': 'Same set of tags',
  'json-schema': 'Fits the JSON Schema',
  'json-equal': 'Same JSON value',
  'json-fields': 'Same JSON fields',
  constraints: 'Keeps to the checks',
  'key-facts': 'Names the key facts',
};

const endings = {
  stop: 'end of answer',
  'stop-sequence': 'stop text',
  length: 'token limit',
  'context-full': 'context full',
  limit: 'time or turn limit',
  cancelled: 'cancelled',
  error: 'error',
} as const;

function SampleNumbers({ sample }: { readonly sample: Sample }) {
  const facts: readonly (readonly [string, string])[] = [
    ['TTFT', formatDuration(sample.timings?.ttftMs)],
    ['Total', formatDuration(sample.timings?.totalMs)],
    ['Speed', formatTokensPerSecond(sample.timings?.generationTokensPerSecond)],
    ['Prompt', sample.usage === null ? '–' : `${formatCount(sample.usage.promptTokens)} tokens`],
    ['Answer', sample.usage === null ? '–' : `${formatCount(sample.usage.completionTokens)} tokens`],
    ['Stop', sample.finishReason === null ? '–' : endings[sample.finishReason]],
  ];
  return (
    <dl className="mt">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt title={name === 'TTFT' ? 'Time to first token' : undefined}>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
