/** Something that can be pressed or typed into where it stands. */
export interface ScreenAction {
  readonly label: string;
  readonly run: () => void;
}

const controls = 'button, a[href], input, textarea, [role="switch"], [role="tab"], [role="combobox"]';
/** One of many: lists and tables are searched where they are. */
const repeated = 'li, tr, [role="row"], [role="option"], [role="listitem"]';

/**
 * What the screen offers at this moment, by the names that are read aloud. Where a name is there several times, the last one counts: in a
 * chat that is the newest message's.
 */
export function screenActions(screen: Element): readonly ScreenAction[] {
  const actions = new Map<string, ScreenAction>();
  for (const element of screen.querySelectorAll<HTMLElement>(controls)) {
    if (element.matches(':disabled, [aria-disabled="true"]') || element.closest(repeated) !== null || !element.checkVisibility()) continue;
    const label = nameOf(element);
    if (label !== '') actions.set(label, { label, run: () => press(element) });
  }
  return [...actions.values()];
}

function nameOf(element: HTMLElement): string {
  const byId = element
    .getAttribute('aria-labelledby')
    ?.split(/\s+/)
    .map((id) => document.getElementById(id)?.textContent ?? '');
  const labels = 'labels' in element ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])].map(wordsOf) : [];
  const own = element.getAttribute('aria-label') ?? byId?.join(' ') ?? (labels.join(' ') || wordsOf(element) || element.title);
  return own.replaceAll(/\s+/g, ' ').trim();
}

/** Without the keys that stand beside them. */
function wordsOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  if (node instanceof Element && node.matches('kbd, textarea, input, [aria-hidden="true"]')) return '';
  return [...node.childNodes].map(wordsOf).join(' ');
}

/** As by hand: what can be typed into is only gone to. */
function press(element: HTMLElement): void {
  element.scrollIntoView({ block: 'nearest' });
  element.focus();
  if (!element.matches('input:not([type="checkbox"], [type="radio"], [type="file"]), textarea')) element.click();
}
