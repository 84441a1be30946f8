import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useFitMachine } from '../../../fit/useFitPlan.ts';
import { useStopKey } from '../../../shell/useStopKey.ts';
import { isHidden } from '../../../stores/comparedColumns.ts';
import { stopComparison, typePrompt, useComparisons } from '../../../stores/comparisons.ts';
import type { ModelChoice } from '../../../stores/modelChoices.ts';
import { useReadyFits } from '../useReadyFits.ts';
import { countWords, fitTogetherWords } from './fitTogether.ts';

interface CompareComposerProps {
  readonly modelIds: readonly string[];
  readonly choices: readonly ModelChoice[];
  readonly onSend: () => void;
}

const tallestPx = 180;

/** Where the prompt is typed. Enter sends, Shift Enter breaks the line, Escape stops what is being written. */
export function CompareComposer({ modelIds, choices, onSend }: CompareComposerProps) {
  const typed = useComparisons((state) => state.typed);
  const isWriting = useComparisons((state) => state.live !== null);
  const isStarting = useComparisons((state) => state.isStarting);
  const isStopping = useComparisons((state) => state.isStopping);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const isComposing = useRef(false);

  useEffect(() => field.current?.focus(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    if (field.current === null) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${Math.min(field.current.scrollHeight, tallestPx)}px`;
  }, [typed]);
  useStopKey(stopComparison, { enabled: isWriting });

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key !== 'Enter' || event.shiftKey) return;
    // Chromium sends the Enter that ends a composition as key code 229, some systems after compositionend.
    if (isComposing.current || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    onSend();
  }

  return (
    <div className="composer compare-composer">
      <div className="box">
        <textarea
          ref={field}
          rows={1}
          value={typed}
          aria-label="Prompt for all models"
          placeholder={`Ask ${countWords(modelIds.length).toLowerCase()}`}
          onChange={(event) => typePrompt(event.target.value)}
          onKeyDown={onKeyDown}
          onCompositionStart={() => {
            isComposing.current = true;
          }}
          onCompositionEnd={() => {
            isComposing.current = false;
          }}
        />
        <div className="row">
          <span className="note grow" role="status">
            {isWriting ? <Progress /> : <FitTogether modelIds={modelIds} choices={choices} />}
          </span>
          {isWriting ? (
            <button type="button" className="btn" disabled={isStopping} onClick={stopComparison}>
              <Square size={12} strokeWidth={3} aria-hidden="true" />
              {isStopping ? 'Stopping' : 'Stop all'}
              <kbd className="kbd">Esc</kbd>
            </button>
          ) : (
            <button
              type="button"
              className="btn primary"
              disabled={typed.trim() === '' || isStarting || modelIds.length < 2}
              onClick={onSend}
            >
              <ArrowUp size={14} aria-hidden="true" />
              Send
              <kbd className="kbd">Enter</kbd>
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

function Progress() {
  const comparison = useComparisons((state) => state.live?.comparison);
  const ended = useComparisons((state) => state.live?.ended ?? 0);
  if (comparison === undefined) return null;
  const words = `${ended} of ${comparison.answers.length} answers written`;
  return isHidden(comparison) ? `${words}. All are shown at once, so that speed tells nothing.` : words;
}

function FitTogether({ modelIds, choices }: { readonly modelIds: readonly string[]; readonly choices: readonly ModelChoice[] }) {
  const pace = useComparisons((state) => state.choice.pace);
  const isBlind = useComparisons((state) => state.choice.isBlind);
  const machine = useFitMachine();
  const artifacts = modelIds.flatMap((id) => choices.find((choice) => choice.id === id)?.artifact ?? []);
  const fits = useReadyFits(artifacts);
  const words = fitTogetherWords({
    fits: artifacts.map(({ id }) => fits.get(id) ?? null),
    remoteCount: modelIds.length - artifacts.length,
    machine,
    pace,
  });
  return isBlind ? `${words} Blind: an answer that names its own model cannot be hidden.` : words;
}
