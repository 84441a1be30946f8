import { ArrowUp, MessageSquare, Square } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { formatCount, formatTokensPerSecond } from '#core/units.ts';
import { useChat } from '../../stores/chat.ts';
import { sendFirstMessage, sendMessage, stopAnswer } from '../../stores/chatAnswers.ts';
import { Button } from '../../ui/Button.tsx';
import { Markdown } from '../../ui/markdown/Markdown.tsx';
import { Select } from '../../ui/Select.tsx';
import { useQuickModel } from './useQuickModel.ts';
import './quickPrompt.css';

interface QuickPromptProps {
  readonly onClose: () => void;
  /** Shows the conversation on the chat page. */
  readonly onOpenChat: (conversationId: string) => void;
}

/** One field, one answer, from anywhere. What is asked is kept as a conversation like any other. */
export function QuickPrompt({ onClose, onOpenChat }: QuickPromptProps) {
  const { models, selected, choose } = useQuickModel();
  const [text, setText] = useState('');
  const [conversationId, setConversationId] = useState<string | null>(null);
  const live = useChat((state) => (conversationId === null ? undefined : state.live[conversationId]));
  const thread = useChat((state) => (conversationId === null ? undefined : state.threads[conversationId]));
  const notice = useChat((state) => state.notice);
  /** Said before this was opened, and about something else. */
  const [noticeBefore] = useState(() => useChat.getState().notice);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  const last = thread?.messages.findLast((message) => message.role === 'assistant');
  const answer = live?.text || last?.text || '';
  const problem = last?.error ?? thread?.problem ?? thread?.unsent?.problem ?? (notice === noticeBefore ? null : notice);

  const unsent = thread?.unsent?.text ?? null;
  useEffect(() => {
    if (unsent !== null) setText(takenBack(unsent));
  }, [unsent]);

  async function ask(): Promise<void> {
    const question = text.trim();
    if (question === '' || selected === undefined || live !== undefined) return;
    setText('');
    if (conversationId !== null) return sendMessage(conversationId, { text: question, attachments: [] });
    const stored = await sendFirstMessage({ text: question, attachments: [] }, { modelId: selected.value });
    if (stored === null) setText(takenBack(question));
    else setConversationId(stored);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const isCtrl = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && isCtrl && conversationId !== null) onOpenChat(conversationId);
    else if (event.key === 'Enter' && !isCtrl && !event.shiftKey && event.target === field.current) void ask();
    else if (event.key === 'Escape' && live !== undefined && conversationId !== null) stopAnswer(conversationId);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its field and buttons, wherever the focus is among them
    <div className="quick" onKeyDown={onKeyDown}>
      <div className="qi">
        <textarea
          ref={field}
          dir="auto"
          rows={2}
          value={text}
          aria-label="Quick prompt"
          placeholder={selected === undefined ? 'There is no model yet' : `Ask ${selected.label}`}
          onChange={(event) => setText(event.target.value)}
        />
        {live === undefined ? (
          <Button variant="primary" icon={ArrowUp} disabled={text.trim() === '' || selected === undefined} onClick={() => void ask()}>
            Ask
          </Button>
        ) : (
          <Button
            icon={Square}
            disabled={live.isStopping}
            onClick={() => (conversationId === null ? undefined : stopAnswer(conversationId))}
          >
            Stop
          </Button>
        )}
      </div>
      <section className="qa" aria-label="Answer" aria-busy={live !== undefined}>
        {problem === null || problem === undefined || live !== undefined ? null : (
          <p role="alert" className="qp">
            {problem.message} {problem.hint}
          </p>
        )}
        {answer === '' ? null : <Markdown text={answer} isGrowing={live !== undefined} />}
      </section>
      <footer className="qf">
        {selected === undefined ? null : (
          <Select label="Model" size="sm" plain value={selected.value} options={models} onChange={choose} disabled={live !== undefined} />
        )}
        <span className="note" role="status">
          {statusWords(live, last?.usage?.completionTokens ?? null, last?.timings?.generationTokensPerSecond ?? null)}
        </span>
        <span className="grow" />
        {conversationId === null ? null : (
          <Button size="sm" icon={MessageSquare} keys={['Ctrl', 'Enter']} onClick={() => onOpenChat(conversationId)}>
            Open in Chat
          </Button>
        )}
        <span className="note">
          <kbd className="kbd bare">Esc</kbd>
          {live === undefined ? 'closes' : 'stops'}
        </span>
      </footer>
    </div>
  );
}

/** What was not sent stands in the field again, unless something else does. */
const takenBack =
  (question: string) =>
  (typed: string): string =>
    typed === '' ? question : typed;

const phaseWords = { sending: 'Sending', loading: 'Loading the model', prompt: 'Reading', writing: 'Writing' } as const;

function statusWords(
  live: { readonly phase: keyof typeof phaseWords } | undefined,
  tokens: number | null,
  tokensPerSecond: number | null,
): string {
  if (live !== undefined) return phaseWords[live.phase];
  if (tokens === null) return '';
  const speed = tokensPerSecond === null ? '' : `, ${formatTokensPerSecond(tokensPerSecond, { kind: 'measured' })}`;
  return `${formatCount(tokens)} ${tokens === 1 ? 'token' : 'tokens'}${speed}`;
}
