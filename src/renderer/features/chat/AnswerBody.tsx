import type { ChatCall } from '#shared/contract/chat.ts';
import { Markdown } from '../../ui/markdown/Markdown.tsx';
import { answerParts } from './answerParts.ts';
import { CallCard } from './CallCard.tsx';

interface AnswerBodyProps {
  readonly text: string;
  readonly calls: readonly ChatCall[];
  readonly onDecide: ((callId: string, decision: 'once' | 'always' | 'refuse') => void) | null;
  /** Text still comes: its last block may change. */
  readonly isGrowing?: boolean;
}

/** The words of an answer with its calls where they were made. */
export function AnswerBody({ text, calls, onDecide, isGrowing = false }: AnswerBodyProps) {
  const parts = answerParts(text, calls);
  return parts.map((part, index) =>
    part.kind === 'call' ? (
      <CallCard key={part.call.id} call={part.call} onDecide={onDecide} />
    ) : isGrowing && index === parts.length - 1 ? (
      <div key={part.start} className="growing">
        <Markdown text={part.text} isGrowing />
      </div>
    ) : (
      <Markdown key={part.start} text={part.text} />
    ),
  );
}
