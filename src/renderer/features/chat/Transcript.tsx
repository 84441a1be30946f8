import { ArrowDown } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { Message } from '#shared/contract/chat.ts';
import type { LiveAnswer, Thread } from '../../stores/chatThread.ts';
import { Icon } from '../../ui/Icon.tsx';
import { AnswerMessage } from './AnswerMessage.tsx';
import { LiveAnswerView } from './LiveAnswerView.tsx';
import type { ChatProblem } from './messageActions.ts';
import { UserMessage } from './UserMessage.tsx';
import { useStickToBottom } from './useStickToBottom.ts';

interface TranscriptProps {
  readonly thread: Thread;
  readonly live: LiveAnswer | undefined;
  readonly modelName: string;
  readonly onRegenerate: (messageId: string) => void;
  readonly onSaveItem: (messageId: string) => void;
  /** The card of a failed message. */
  readonly problemOf: (problem: ChatProblem, where: { readonly messageId: string | null; readonly isLast: boolean }) => ReactNode;
}

/** The messages, the one being written, and what could not be sent; at its end until somebody scrolls up. */
export function Transcript({ thread, live, modelName, onRegenerate, onSaveItem, problemOf }: TranscriptProps) {
  const { boxRef, contentRef, isAtEnd, jumpToEnd } = useStickToBottom();
  const isAnswering = live !== undefined;
  useEffect(() => {
    if (isAnswering) jumpToEnd();
  }, [isAnswering, jumpToEnd]);
  const messages = shownMessages(thread.messages, live);
  const lastAnswer = messages.findLast((message) => message.role === 'assistant');
  return (
    <div className="thread-box">
      <div className="scroll thread" ref={boxRef}>
        <div ref={contentRef} className="thread-inner" role="log" aria-label="Messages" aria-live="off">
          {messages.map((message, index) =>
            message.role === 'user' ? (
              <UserMessage key={message.id} text={message.text} />
            ) : (
              <AnswerMessage
                key={message.id}
                message={message}
                showModel={isOtherModel(messages, index)}
                onSaveItem={onSaveItem}
                onRegenerate={isAnswering || message !== lastAnswer ? null : onRegenerate}
                problem={
                  message.error === null ? undefined : problemOf(message.error, { messageId: message.id, isLast: message === lastAnswer })
                }
              />
            ),
          )}
          {live?.pendingText == null ? null : <UserMessage text={live.pendingText} isPending />}
          {live === undefined ? null : <LiveAnswerView live={live} modelName={modelName} />}
          {thread.unsent === null ? null : (
            <>
              <UserMessage text={thread.unsent.text} isPending />
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

/** Without the message that the live answer stands for, or that it is about to replace. */
function shownMessages(messages: readonly Message[], live: LiveAnswer | undefined): readonly Message[] {
  if (live === undefined) return messages;
  const hidden = live.messageId ?? live.replacing;
  const index = messages.findIndex((message) => message.id === hidden);
  return index === -1 ? messages : messages.slice(0, index);
}

function isOtherModel(messages: readonly Message[], index: number): boolean {
  const before = messages.slice(0, index).findLast((message) => message.role === 'assistant');
  return before !== undefined && before.modelId !== messages[index]?.modelId;
}
