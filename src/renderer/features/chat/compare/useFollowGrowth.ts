import { type RefObject, useEffect, useRef } from 'react';

/** Nearer than this to the end counts as being there. */
const nearPx = 24;

/**
 * Keeps a scrolling box at its end while its content grows, until somebody scrolls up. What has ended stays where it is, and opens at its beginning.
 * @param isGrowing whether more is coming
 */
export function useFollowGrowth(isGrowing: boolean): {
  readonly boxRef: RefObject<HTMLDivElement | null>;
  readonly contentRef: RefObject<HTMLDivElement | null>;
} {
  const boxRef = useRef<HTMLDivElement | null>(null);
  const contentRef = useRef<HTMLDivElement | null>(null);
  useEffect(() => {
    const [box, content] = [boxRef.current, contentRef.current];
    if (!isGrowing || box === null || content === null) return;
    let follows = true;
    let lastTop = box.scrollTop;
    const onScroll = (): void => {
      const isNear = box.scrollHeight - box.scrollTop - box.clientHeight <= nearPx;
      // Growth alone never moves scrollTop up, so only a person's scroll lets go.
      if (isNear) follows = true;
      else if (box.scrollTop < lastTop) follows = false;
      lastTop = box.scrollTop;
    };
    const observer = new ResizeObserver(() => {
      if (follows) box.scrollTop = box.scrollHeight;
    });
    observer.observe(content);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, [isGrowing]);
  return { boxRef, contentRef };
}
