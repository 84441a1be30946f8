import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';

interface ComposerProps {
  readonly modelName: string | null;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  /** Null while nothing is being written. */
  readonly onStop: (() => void) | null;
  readonly isStopping: boolean;
  readonly context: { readonly usedTokens: number; readonly totalTokens: number } | null;
  readonly fieldRef: RefObject<HTMLTextAreaElement | null>;
}

const tallestPx = 220;

/** Where a message is typed. Enter sends, Shift Enter breaks the line, and an input method's own Enter does neither. */
export function Composer({ modelName, text, onText, onSend, onStop, isStopping, context, fieldRef }: ComposerProps) {
  const isComposing = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const field = fieldRef.current;
    if (field === null) return;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, tallestPx)}px`;
  }, [text, fieldRef]);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key !== 'Enter' || event.shiftKey) return;
    // Chromium sends the Enter that ends a composition as key code 229, some systems after compositionend.
    if (isComposing.current || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (onStop === null) onSend();
  }

  const share = context === null ? null : Math.min(100, Math.round((100 * context.usedTokens) / context.totalTokens));
  return (
    <div className="composer">
      <div className="box">
        <textarea
          ref={fieldRef}
          rows={1}
          value={text}
          aria-label="Message"
          placeholder={modelName === null ? 'Choose a model to chat with' : `Message ${modelName}`}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          onCompositionStart={() => {
            isComposing.current = true;
          }}
          onCompositionEnd={() => {
            isComposing.current = false;
          }}
        />
        <div className="row">
          <span className="note">
            <kbd className="kbd bare">Enter</kbd>sends, <kbd className="kbd bare">Shift Enter</kbd>new line
          </span>
          <span className="grow" />
          {share === null || context === null ? null : (
            <>
              <span
                className="note"
                title={`${context.usedTokens.toLocaleString('en')} of ${context.totalTokens.toLocaleString('en')} tokens`}
              >
                Context {share}%
              </span>
              <div
                className={share >= 90 ? 'bar full' : 'bar mute'}
                role="meter"
                aria-label="Context used"
                aria-valuenow={share}
                aria-valuemin={0}
                aria-valuemax={100}
              >
                <i style={{ width: `${share}%` }} />
              </div>
            </>
          )}
          {onStop === null ? (
            <button type="button" className="btn primary" disabled={text.trim() === '' || modelName === null} onClick={onSend}>
              <ArrowUp size={14} aria-hidden="true" />
              Send
            </button>
          ) : (
            <button type="button" className="btn" disabled={isStopping} onClick={onStop}>
              <Square size={12} strokeWidth={3} aria-hidden="true" />
              {isStopping ? 'Stopping' : 'Stop'}
              <kbd className="kbd">Esc</kbd>
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
