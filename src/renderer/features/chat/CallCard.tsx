import { ChevronDown, ChevronRight, CircleAlert, Wrench } from 'lucide-react';
import { useId, useState } from 'react';
import { formatDuration } from '#core/units.ts';
import type { ChatCall } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';
import { CodeBlock } from '../../ui/markdown/CodeBlock.tsx';
import { ConsentBar } from './ConsentBar.tsx';
import { callBody, callStates, callSummary, toolName } from './callWords.ts';

interface CallCardProps {
  readonly call: ChatCall;
  /** Null where the answer is over: nothing is asked any more. */
  readonly onDecide: ((callId: string, decision: 'once' | 'always' | 'refuse') => void) | null;
}

/** A call of a tool in its place in the answer: what was asked and what came back, folded; open while it waits for the person. */
export function CallCard({ call, onDecide }: CallCardProps) {
  const [choice, setChoice] = useState<boolean | null>(null);
  const id = useId();
  const isAsking = call.state === 'asking' && onDecide !== null;
  const isOpen = choice ?? isAsking;
  const body = callBody(call);
  return (
    <section className={`tool-call ${call.state}`} aria-label={`Call of ${toolName(call.name)}`}>
      <button type="button" className="tool-head" aria-expanded={isOpen} aria-controls={id} onClick={() => setChoice(!isOpen)}>
        <Icon of={isOpen ? ChevronDown : ChevronRight} size={13} />
        <Icon of={call.state === 'failed' ? CircleAlert : Wrench} size={13} />
        <span className="ink med">{toolName(call.name)}</span>
        <span className="mono ell grow">{callSummary(call)}</span>
        <span className="state">
          {callStates[call.state]}
          {call.tookMs === null ? null : ` in ${formatDuration(call.tookMs)}`}
        </span>
      </button>
      <div id={id} hidden={!isOpen} className="tool-body">
        {isOpen ? (
          <>
            <CodeBlock language={body.language} text={body.text} />
            {call.result === null ? null : <CodeBlock language="result" text={call.result} />}
          </>
        ) : null}
      </div>
      {isAsking ? <ConsentBar call={call} onDecide={(decision) => onDecide(call.id, decision)} /> : null}
    </section>
  );
}
