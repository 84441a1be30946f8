import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useFitMachine } from '../../../fit/useFitPlan.ts';
import { useStopKey } from '../../../shell/useStopKey.ts';
import { isHidden } from '../../../stores/comparedColumns.ts';
import { attachToPrompt, stopComparison, typePrompt, useComparisons } from '../../../stores/comparisons.ts';
import { choiceName, type ModelChoice, seesImages } from '../../../stores/modelChoices.ts';
import { useModels } from '../../../stores/models.ts';
import { AttachButton } from '../AttachButton.tsx';
import { ComposerBox } from '../ComposerBox.tsx';
import { useAttaching } from '../useAttaching.ts';
import { useComposing } from '../useComposing.ts';
import { useReadyFits } from '../useReadyFits.ts';
import { countWords, fitTogetherWords } from './fitTogether.ts';

interface CompareComposerProps {
  readonly modelIds: readonly string[];
  readonly choices: readonly ModelChoice[];
  readonly onSend: () => void;
}

/** Where the prompt is typed. Enter sends, Shift Enter breaks the line, Escape stops what is being written. */
export function CompareComposer({ modelIds, choices, onSend }: CompareComposerProps) {
  const typed = useComparisons((state) => state.typed);
  const isWriting = useComparisons((state) => state.live !== null);
  const isStarting = useComparisons((state) => state.isStarting);
  const isStopping = useComparisons((state) => state.isStopping);
  const attached = useComparisons((state) => state.attached);
  const loaded = useModels((state) => state.loaded);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const composing = useComposing(field, typed);
  const chosen = modelIds.flatMap((id) => choices.find((choice) => choice.id === id) ?? []);
  const unseeing = chosen.filter(
    (choice) =>
      !seesImages(
        choice,
        loaded.find(({ artifactId }) => artifactId === choice.id),
      ),
  );
  const sees = unseeing.length < chosen.length;
  const { isReading, take } = useAttaching({
    already: () => useComparisons.getState().attached,
    attach: attachToPrompt,
    seesImages: sees,
    modelName: 'These models',
  });

  useEffect(() => field.current?.focus(), []);
  useStopKey(stopComparison, { enabled: isWriting });

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key !== 'Enter' || event.shiftKey || composing.isComposing(event)) return;
    event.preventDefault();
    if (!isReading) onSend();
  }

  return (
    <div className="composer compare-composer">
      <ComposerBox
        label="New comparison"
        attachments={attached}
        onFiles={take}
        onDetach={(index) => attachToPrompt(attached.toSpliced(index, 1))}
      >
        <textarea
          ref={field}
          dir="auto"
          rows={1}
          value={typed}
          aria-label="Prompt for all models"
          placeholder={`Ask ${countWords(modelIds.length).toLowerCase()}`}
          onChange={(event) => typePrompt(event.target.value)}
          onKeyDown={onKeyDown}
          {...composing.handlers}
        />
        <div className="row">
          <AttachButton
            label={sees ? 'Attach pictures or text files' : "Attach text files: these models can't see pictures"}
            onFiles={take}
          />
          <span className="note grow" role="status">
            {isWriting ? (
              <Progress />
            ) : attached.some(({ kind }) => kind === 'image') && unseeing.length > 0 ? (
              unseeingWords(unseeing, chosen.length)
            ) : (
              <FitTogether modelIds={modelIds} choices={choices} />
            )}
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
              disabled={typed.trim() === '' || isStarting || isReading || modelIds.length < 2}
              onClick={onSend}
            >
              <ArrowUp size={14} aria-hidden="true" />
              Send
              <kbd className="kbd">Enter</kbd>
            </button>
          )}
        </div>
      </ComposerBox>
    </div>
  );
}

/** Who is not asked about a picture, said before it is sent. */
function unseeingWords(unseeing: readonly ModelChoice[], count: number): string {
  const names = new Intl.ListFormat('en', { type: 'conjunction' }).format(unseeing.map(choiceName));
  return unseeing.length === count ? `${names} can't see pictures.` : `${names} can't see pictures: only the others are asked.`;
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
