import { Check, TriangleAlert } from 'lucide-react';
import { formatCount, formatDuration } from '#core/units.ts';
import type { RecordedCall } from '#shared/contract/benchmarkSamples.ts';
import { Icon } from '../../../ui/Icon.tsx';

/** Every call of a tool in its order: what it was given, what it answered or why it could not. */
export function ToolCalls({ calls }: { readonly calls: readonly RecordedCall[] }) {
  if (calls.length === 0) return null;
  const turns = new Set(calls.map((call) => call.turn)).size;
  return (
    <>
      <h3 className="tl">
        {formatCount(calls.length)} tool {calls.length === 1 ? 'call' : 'calls'}
        {turns > 1 ? ` in ${formatCount(turns)} turns` : ''}
      </h3>
      <ol className="calls">
        {calls.map((call, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same call may be made twice, and calls never move
          <li key={index} className={call.error === null ? undefined : 'bad'}>
            <div className="call-head">
              <Icon of={call.error === null ? Check : TriangleAlert} size={13} />
              <span className="mono ink">{call.name}</span>
              <span className="note">turn {formatCount(call.turn)}</span>
              <span className="note end">{formatDuration(call.tookMs)}</span>
            </div>
            <pre className="code wrapped">{argumentsText(call)}</pre>
            {call.error === null ? (
              <pre className="code wrapped out">{call.result === '' ? '(no output)' : call.result}</pre>
            ) : (
              <p className="call-error selectable">{call.error}</p>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

/** Code is shown as code; all else as JSON. */
function argumentsText({ arguments: values }: RecordedCall): string {
  const { code, ...rest } = values;
  if (typeof code === 'string' && Object.keys(rest).length === 0) return code;
  return JSON.stringify(values, null, Object.keys(values).length > 3 ? 2 : 0);
}
