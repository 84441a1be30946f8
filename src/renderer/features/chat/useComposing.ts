import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';

/** A field grows with its text up to this. */
const tallestPx = 220;

/** What every field of questions needs: it grows with its text, and tells the Enter of an input method from one that sends. */
export function useComposing(
  fieldRef: RefObject<HTMLTextAreaElement | null>,
  text: string,
): {
  readonly isComposing: (event: KeyboardEvent) => boolean;
  readonly handlers: { readonly onCompositionStart: () => void; readonly onCompositionEnd: () => void };
} {
  const composing = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const field = fieldRef.current;
    if (field === null) return;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, tallestPx)}px`;
  }, [text, fieldRef]);
  return {
    // Chromium sends the Enter that ends a composition as key code 229, some systems after compositionend.
    isComposing: (event) => composing.current || event.nativeEvent.isComposing || event.keyCode === 229,
    handlers: {
      onCompositionStart: () => {
        composing.current = true;
      },
      onCompositionEnd: () => {
        composing.current = false;
      },
    },
  };
}
