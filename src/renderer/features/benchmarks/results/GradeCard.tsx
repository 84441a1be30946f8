import { Check, Flag, type LucideIcon, MessageSquare, Minus, TriangleAlert, Undo2, UserRound, X } from 'lucide-react';
import { useState } from 'react';
import { answerKind } from '#core/bench/answerKind.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { navigate } from '../../../router.ts';
import { overrule } from '../../../stores/benchmarks.ts';
import { changeDraft, startNewChat, typeMessage } from '../../../stores/chat.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { Tag } from '../../../ui/Tag.tsx';
import { graderName, gradeWords } from './gradeWords.ts';
import { OverruleDialog } from './OverruleDialog.tsx';
import { isOpen } from './scenarios.ts';

interface GradeCardProps {
  readonly sample: Sample;
  /** "2 of 24 …" of the gradings by this grader; null while none was overruled. */
  readonly overruled: string | null;
  readonly onChanged: () => void;
}

const icons: Readonly<Record<Sample['state'], LucideIcon>> = {
  passed: Check,
  failed: X,
  error: TriangleAlert,
  skipped: Minus,
  measured: Minus,
};

/** Pass or fail with the grader's reason, and a person's word above it. */
export function GradeCard({ sample, overruled, onChanged }: GradeCardProps) {
  const [isOverruling, setOverruling] = useState(false);
  const words = gradeWords(sample);
  const kind = sample.state === 'failed' ? answerKind(sample.output ?? '') : 'answered';
  const canBeOverruled = sample.output !== null && (sample.state === 'passed' || sample.state === 'failed' || isOpen(sample));
  function openInChat(): void {
    startNewChat(sample.modelId);
    changeDraft({ systemPrompt: sample.system ?? '' });
    typeMessage(null, sample.input);
    navigate({ screen: 'chat', conversationId: null });
  }
  async function takeBack(): Promise<void> {
    if (await overrule(sample, { passed: null, note: '' })) onChanged();
  }
  return (
    <div className={`grade ${words.tone}`} role="status">
      <div className="gh">
        <Icon of={icons[sample.state]} size={15} />
        <b>{words.title}</b>
        {kind === 'answered' ? null : <Tag tone="bad">{kind === 'refused' ? 'Refused' : 'Empty answer'}</Tag>}
        {sample.overrule == null ? null : <Tag icon={UserRound}>Your word</Tag>}
        {sample.grade === null ? null : (
          <span className="end">
            <Tag title={sample.grade.grader}>{graderName(sample.grade.grader)}</Tag>
          </span>
        )}
      </div>
      {words.sentences.map((sentence) => (
        <p key={sentence} className="selectable">
          {sentence}
        </p>
      ))}
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
        {sample.overrule != null ? (
          <Button size="sm" icon={Undo2} onClick={() => void takeBack()}>
            Take it back
          </Button>
        ) : canBeOverruled ? (
          <Button size="sm" icon={Flag} onClick={() => setOverruling(true)}>
            {isOpen(sample) ? 'Judge it yourself' : 'Grader is wrong'}
          </Button>
        ) : null}
        <Button size="sm" icon={MessageSquare} onClick={openInChat}>
          Open in chat
        </Button>
        <span className="note end">
          {[overruled, sample.grade?.format == null ? null : formatWords(sample.grade.format)].filter(Boolean).join('; ')}
        </span>
      </div>
      {isOverruling ? <OverruleDialog sample={sample} onClose={() => setOverruling(false)} onChanged={onChanged} /> : null}
    </div>
  );
}

function formatWords(format: { readonly strict: boolean; readonly loose: boolean }): string {
  return `format: ${format.strict ? 'as asked' : format.loose ? 'as asked after trimming' : 'not as asked'}`;
}
