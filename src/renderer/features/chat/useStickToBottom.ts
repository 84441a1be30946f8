import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Nearer than this to the end counts as being there. */
const nearPx = 24;

/**
 * Keeps a scrolling box at its end while its content grows, until the person scrolls up; scrolling back down, or
 * `jumpToEnd`, takes hold again. The content's own size is watched, so that folds and new messages count too.
 */
export function useStickToBottom(): {
  readonly boxRef: RefObject<HTMLDivElement | null>;
  readonly contentRef: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  jumpToEnd(): void;
  /** As if somebody had scrolled up. */
  letGo(): void;
} {
  const boxRef = useRef<HTMLDivElement | null>(null);
  const contentRef = useRef<HTMLDivElement | null>(null);
  const holds = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  const jumpToEnd = useCallback(() => {
    holds.current = true;
    setAtEnd(true);
    const box = boxRef.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  }, []);

  const letGo = useCallback(() => {
    holds.current = false;
  }, []);

  useEffect(() => {
    const box = boxRef.current;
    const content = contentRef.current;
    if (box === null || content === null) return;
    let lastTop = box.scrollTop;
    let lastHeight = box.scrollHeight;
    const onScroll = (): void => {
      const isNear = box.scrollHeight - box.scrollTop - box.clientHeight <= nearPx;
      // Growth alone never moves scrollTop up, and shrinking does only with the height: so only a person's scroll lets go.
      if (isNear) holds.current = true;
      else if (box.scrollTop < lastTop && box.scrollHeight >= lastHeight) holds.current = false;
      lastTop = box.scrollTop;
      lastHeight = box.scrollHeight;
      setAtEnd(isNear || holds.current);
    };
    const observer = new ResizeObserver(() => {
      if (!holds.current) return;
      box.scrollTop = box.scrollHeight;
      lastTop = box.scrollTop;
    });
    observer.observe(content);
    observer.observe(box);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { boxRef, contentRef, isAtEnd, jumpToEnd, letGo };
}
