export interface LabelAnchor {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly width: number;
}

export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'right' | 'center';
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const gap = 6;
/** Of a label; of several the first is drawn in any case. */
const unreadableShare = 0.12;

/**
 * Finds a place beside each mark where its label touches no other mark or label: right, left, above, below, the corners, farther off.
 * Where everything is taken it covers as little as it can, and is left out where that is too much to be read. Earlier anchors choose first.
 * @param options.area what the labels may not leave; pixels, as everything here.
 * @param options.obstacles other things drawn there that no label may touch.
 */
export function placeLabels(
  anchors: readonly LabelAnchor[],
  options: { readonly area: Box; readonly lineHeight: number; readonly obstacles: readonly Box[] },
): readonly (LabelPlace | null)[] {
  const { area, lineHeight } = options;
  const marks = anchors.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  const taken: Box[] = [...options.obstacles];
  return anchors.map((anchor, index) => {
    const blocked = [...taken, ...marks.filter((_, other) => other !== index)];
    const costs = placesAround(anchor, lineHeight).map((place) => {
      const box = boxOf(place, { width: anchor.width, lineHeight });
      return { place, cost: outsideOf(box, area) * 4 + blocked.reduce((sum, other) => sum + overlapOf(box, other), 0) };
    });
    const { place, cost } = costs.reduce((best, candidate) => (candidate.cost < best.cost ? candidate : best));
    if (index > 0 && cost > anchor.width * lineHeight * unreadableShare) return null;
    taken.push(boxOf(place, { width: anchor.width, lineHeight }));
    return place;
  });
}

/** A label of at most so many pixels: its middle is left out, because names of one family differ at their ends. */
export function cutLabel(label: string, options: { readonly width: number; readonly measure: (text: string) => number }): string {
  if (options.measure(label) <= options.width) return label;
  for (let kept = label.length - 2; kept > 2; kept -= 1) {
    const cut = `${label.slice(0, Math.ceil(kept / 2)).trimEnd()}…${label.slice(label.length - Math.floor(kept / 2)).trimStart()}`;
    if (options.measure(cut) <= options.width) return cut;
  }
  return label.slice(0, 2);
}

function placesAround({ x, y, radius }: LabelAnchor, lineHeight: number): readonly LabelPlace[] {
  const beside = radius + gap;
  const above = y - radius - gap - lineHeight / 2;
  const below = y + radius + gap + lineHeight / 2;
  return [
    { x: x + beside, y, align: 'left' },
    { x: x - beside, y, align: 'right' },
    { x, y: above, align: 'center' },
    { x, y: below, align: 'center' },
    { x: x + radius, y: above, align: 'left' },
    { x: x + radius, y: below, align: 'left' },
    { x: x - radius, y: above, align: 'right' },
    { x: x - radius, y: below, align: 'right' },
    { x, y: above - lineHeight, align: 'center' },
    { x, y: below + lineHeight, align: 'center' },
  ];
}

function boxOf(place: LabelPlace, size: { readonly width: number; readonly lineHeight: number }): Box {
  const left = place.align === 'left' ? place.x : place.align === 'right' ? place.x - size.width : place.x - size.width / 2;
  return { left, right: left + size.width, top: place.y - size.lineHeight / 2, bottom: place.y + size.lineHeight / 2 };
}

/** Shared area in square pixels. */
function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function outsideOf(box: Box, area: Box): number {
  const size = (box.right - box.left) * (box.bottom - box.top);
  return size - overlapOf(box, area);
}
