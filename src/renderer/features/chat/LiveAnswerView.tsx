import { useEffect, useState } from 'react';
import { formatCount, formatTokensPerSecond } from '#core/units.ts';
import { useChat } from '../../stores/chat.ts';
import type { LiveAnswer } from '../../stores/chatThread.ts';
import { useThrottled } from '../../ui/markdown/useThrottled.ts';
import { AnswerBody } from './AnswerBody.tsx';
import type { MessageActs } from './messageActs.ts';
import { Preparation } from './Preparation.tsx';
import { Reasoning } from './Reasoning.tsx';

interface LiveAnswerViewProps {
  readonly conversationId: string;
  readonly modelName: string;
  readonly onDecide: MessageActs['decideCall'];
}

/** The answer being written: the only part of the page that renders while text streams. */
export function LiveAnswerView({ conversationId, modelName, onDecide }: LiveAnswerViewProps) {
  const live = useChat((state) => state.live[conversationId]);
  if (live === undefined) return null;
  return (
    <article className="asst live" aria-label={`${modelName} is answering`} aria-busy="true">
      {live.reasoning === '' ? null : (
        <Reasoning
          text={live.reasoning}
          isGrowing={live.text === ''}
          ms={live.reasoned?.ms ?? null}
          tokens={live.reasoned?.tokens ?? null}
        />
      )}
      <AnswerBody text={live.text} calls={live.calls} onDecide={onDecide} isGrowing />
      {live.phase === 'loading' || (live.phase === 'prompt' && live.prompt !== null && live.prompt.totalTokens > 256) ? (
        <Preparation
          words={{ loading: `Loading ${modelName}`, reading: 'Reading the conversation' }}
          phase={live.phase}
          loadProgress={live.loadProgress}
          prompt={live.prompt}
        />
      ) : null}
      <footer className="stats">
        <LiveStats live={live} />
      </footer>
    </article>
  );
}

/** Live numbers at most four times a second; screen readers hear the start and the end only. */
function LiveStats({ live }: { readonly live: LiveAnswer }) {
  const shown = useThrottled(live, { everyMs: 250 });
  const isAsking = live.calls.some(({ state }) => state === 'asking');
  return (
    <>
      <span className="row row-1" role="status">
        <span className="pulse" aria-hidden="true" />
        {live.isStopping ? 'Stopping' : isAsking ? 'Waits for you' : phaseWords[live.phase]}
      </span>
      {shown.tokensPerSecond === null ? null : (
        <span>
          <b>{formatTokensPerSecond(shown.tokensPerSecond, { kind: 'live' })}</b>
        </span>
      )}
      {shown.completionTokens === 0 ? (
        <Waited />
      ) : (
        <span>
          <b>{formatCount(shown.completionTokens)}</b> tokens
        </span>
      )}
    </>
  );
}

const phaseWords: Readonly<Record<LiveAnswer['phase'], string>> = {
  sending: 'Sending',
  loading: 'Loading the model',
  prompt: 'Reading',
  writing: 'Writing',
};

/** Whole seconds since the question, from the third on, so that a slow start is visibly alive. */
function Waited() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return seconds < 3 ? null : <span>{seconds} s</span>;
}
