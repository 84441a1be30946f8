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

/**
 * Finds a place beside each mark where its label touches no other mark or label: right, left, above, below, then the corners.
 * Where everything is taken the label goes right. Earlier anchors choose first.
 * @param options.area what the labels may not leave; pixels, as everything here.
 * @param options.obstacles other things drawn there that no label may touch.
 */
export function placeLabels(
  anchors: readonly LabelAnchor[],
  options: { readonly area: Box; readonly lineHeight: number; readonly obstacles: readonly Box[] },
): readonly LabelPlace[] {
  const { area, lineHeight } = options;
  const marks = anchors.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  const taken: Box[] = [...options.obstacles];
  return anchors.map((anchor, index) => {
    const candidates = placesAround(anchor, lineHeight);
    const free = candidates.find((place) => {
      const box = boxOf(place, { width: anchor.width, lineHeight });
      const isInside = box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom;
      return (
        isInside && !taken.some((other) => overlaps(box, other)) && !marks.some((mark, other) => other !== index && overlaps(box, mark))
      );
    });
    const place = free ?? (candidates[0] as LabelPlace);
    taken.push(boxOf(place, { width: anchor.width, lineHeight }));
    return place;
  });
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
  ];
}

function boxOf(place: LabelPlace, size: { readonly width: number; readonly lineHeight: number }): Box {
  const left = place.align === 'left' ? place.x : place.align === 'right' ? place.x - size.width : place.x - size.width / 2;
  return { left, right: left + size.width, top: place.y - size.lineHeight / 2, bottom: place.y + size.lineHeight / 2 };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
