import { ArrowDown } from 'lucide-react';
import { Fragment, type ReactNode, useEffect } from 'react';
import { formatCount } from '#core/units.ts';
import type { Message } from '#shared/contract/chat.ts';
import type { Thread } from '../../stores/chatThread.ts';
import { Icon } from '../../ui/Icon.tsx';
import { AnswerMessage } from './AnswerMessage.tsx';
import { LiveAnswerView } from './LiveAnswerView.tsx';
import type { ChatProblem } from './messageActions.ts';
import type { MessageActs } from './messageActs.ts';
import { PendingMessage, UserMessage } from './UserMessage.tsx';
import { useJump } from './useJump.ts';
import type { LiveHead } from './useLiveHead.ts';
import { useStickToBottom } from './useStickToBottom.ts';

interface TranscriptProps {
  readonly conversationId: string;
  readonly thread: Thread;
  /** What is being written, without its words; null while nothing is. */
  readonly live: LiveHead | null;
  readonly modelName: string;
  readonly acts: MessageActs;
  readonly editing: { readonly messageId: string; readonly text: string } | null;
  /** Messages that the next answer could not read any more. */
  readonly droppedMessages: number;
  /** The card of a failed message. */
  readonly problemOf: (problem: ChatProblem, where: { readonly messageId: string | null; readonly isLast: boolean }) => ReactNode;
}

/** The messages, the one being written, and what could not be sent; at its end until somebody scrolls up. */
export function Transcript({ conversationId, thread, live, modelName, acts, editing, droppedMessages, problemOf }: TranscriptProps) {
  const { boxRef, contentRef, isAtEnd, jumpToEnd, letGo } = useStickToBottom();
  const isAnswering = live !== null;
  useEffect(() => {
    if (isAnswering) jumpToEnd();
  }, [isAnswering, jumpToEnd]);
  useJump({ conversationId, messages: thread.messages, boxRef, letGo, choose: acts.choose });
  const messages = shownMessages(thread.messages, live);
  const lastAnswer = messages.findLast((message) => message.role === 'assistant');
  const dropped = droppedMessages < messages.length ? droppedMessages : 0;
  const wordsOf = (message: Message): string | null => (editing?.messageId === message.id ? editing.text : null);
  return (
    <div className="thread-box">
      <div className="scroll thread" ref={boxRef}>
        <div ref={contentRef} className="thread-inner" role="log" aria-label="Messages" aria-live="off">
          {messages.map((message, index) => (
            <Fragment key={message.id}>
              {index > 0 && index === dropped ? <DroppedMark count={dropped} /> : null}
              {message.role === 'user' ? (
                <UserMessage message={message} acts={acts} isLocked={isAnswering} editing={wordsOf(message)} />
              ) : (
                <AnswerMessage
                  message={message}
                  acts={acts}
                  isLast={message === lastAnswer}
                  isLocked={isAnswering}
                  editing={wordsOf(message)}
                  reasoningTokens={thread.reasoningTokens[message.id] ?? null}
                  showModel={isOtherModel(messages, index)}
                  problem={
                    message.error === null ? undefined : problemOf(message.error, { messageId: message.id, isLast: message === lastAnswer })
                  }
                />
              )}
            </Fragment>
          ))}
          {live?.pendingText == null ? null : <PendingMessage text={live.pendingText} attachmentNames={[]} />}
          {live === null ? null : <LiveAnswerView conversationId={conversationId} modelName={modelName} onDecide={acts.decideCall} />}
          {thread.unsent === null ? null : (
            <>
              <PendingMessage text={thread.unsent.text} attachmentNames={thread.unsent.attachments.map(({ name }) => name)} />
              {problemOf(thread.unsent.problem, { messageId: null, isLast: true })}
            </>
          )}
          {thread.problem === null || thread.unsent !== null
            ? null
            : problemOf(thread.problem, { messageId: lastAnswer?.id ?? null, isLast: true })}
        </div>
      </div>
      {isAtEnd ? null : (
        <button type="button" className="btn sm to-end" onClick={jumpToEnd}>
          <Icon of={ArrowDown} size={14} />
          {isAnswering ? 'Follow the answer' : 'To the end'}
        </button>
      )}
    </div>
  );
}

function DroppedMark({ count }: { readonly count: number }) {
  return (
    <div className="dropped from-here note" role="note">
      The next answer reads from here on: {count === 1 ? 'the message' : `the ${formatCount(count)} messages`} above no longer{' '}
      {count === 1 ? 'fits' : 'fit'} the context
    </div>
  );
}

/** Without the message that the live answer stands for, or that it is about to replace. */
function shownMessages(messages: readonly Message[], live: LiveHead | null): readonly Message[] {
  if (live === null) return messages;
  const hidden = live.messageId ?? live.replacing;
  const index = messages.findIndex((message) => message.id === hidden);
  return index === -1 ? messages : messages.slice(0, index);
}

function isOtherModel(messages: readonly Message[], index: number): boolean {
  const before = messages.slice(0, index).findLast((message) => message.role === 'assistant');
  return before !== undefined && before.modelId !== messages[index]?.modelId;
}
