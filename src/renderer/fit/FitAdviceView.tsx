import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { chooseContext, chooseKvType } from '../stores/fitChoice.ts';
import { forgetHolders, readHolders, useHolders } from '../stores/holders.ts';
import { onConnected } from '../stores/rpc.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { type AdvisedChange, type FitAdvice, holderWords } from './fitAdvice.ts';

interface FitAdviceViewProps {
  readonly advice: FitAdvice;
  /** Takes another quant of the same model; absent where there are none. */
  readonly onPickQuant?: (file: string) => void;
}

const looks = {
  none: { tone: 'bad', icon: CircleX },
  tight: { tone: 'warn', icon: TriangleAlert },
  better: { tone: '', icon: Info },
} as const;

/** What stands in the way and what one click would do about it. Nothing here keeps anybody from going on. */
export function FitAdviceView({ advice, onPickQuant }: FitAdviceViewProps) {
  const { kind, problem, ifClosed, wouldHelp, place, changes } = advice;
  const { tone, icon } = looks[kind];
  return (
    <div className={`advice ${tone}`} role="group" aria-label="What would make it fit">
      <Icon of={icon} size={15} />
      <div className="grow">
        {problem === null ? null : <p className="ink sm">{problem}</p>}
        <p className="note">
          {ifClosed} {wouldHelp ? <Holders place={place} isAsked={kind !== 'better'} /> : null}
        </p>
        {changes.length === 0 ? null : (
          <div className="changes">
            {changes.map((change) => (
              <Button
                key={change.words}
                size="sm"
                title={change.outcome}
                onClick={(event) => {
                  keepFocusNear(event.currentTarget);
                  apply(change, onPickQuant);
                }}
              >
                {change.words}
              </Button>
            ))}
          </div>
        )}
        {kind === 'none' && changes.length === 0 ? (
          <p className="note">No shorter context is enough{wouldHelp ? '' : ' either'}. A smaller model or quant will do better.</p>
        ) : null}
      </div>
    </div>
  );
}

/** A button that goes away when it was pressed would leave the focus to the page: it goes to what is around. */
function keepFocusNear(button: HTMLElement): void {
  button.closest<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
}

function apply({ contextTokens, kvType, file }: AdvisedChange, onPickQuant: FitAdviceViewProps['onPickQuant']): void {
  if (contextTokens !== null) chooseContext(contextTokens);
  if (kvType !== null) chooseKvType(kvType);
  if (file !== null) onPickQuant?.(file);
}

/** Who holds the memory that is missing. Looked up where it matters, or when somebody asks. */
function Holders({ place, isAsked }: { readonly place: FitAdvice['place']; readonly isAsked: boolean }) {
  const { holders, isReading } = useHolders();
  useEffect(() => {
    const stop = isAsked ? onConnected((signal) => void readHolders({ signal })) : undefined;
    return () => {
      stop?.();
      forgetHolders();
    };
  }, [isAsked]);
  if (holders === null) {
    if (isAsked) return null;
    return (
      <Button
        size="sm"
        variant="ghost"
        busy={isReading}
        onClick={(event) => {
          keepFocusNear(event.currentTarget);
          void readHolders({ signal: new AbortController().signal });
        }}
      >
        Which apps?
      </Button>
    );
  }
  const words = holderWords(holders, place);
  if (words === null) return <>{isAsked ? '' : 'The system does not tell which.'}</>;
  return <>Most is held by {words}.</>;
}
