/** A count in a tight place. @returns such as `1.2M`, `34k`, `812` */
export function countShort(count: number): string {
  for (const [size, unit] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (count >= size * 0.9995) return `${(count / size).toFixed(count / size >= 9.95 ? 0 : 1).replace(/\.0$/, '')}${unit}`;
  }
  return String(Math.round(count));
}

/** @returns such as `1.2M downloads`, `1 download` */
export function downloadsWords(count: number): string {
  return `${countShort(count)} ${count === 1 ? 'download' : 'downloads'}`;
}

/** Bits a weight for a column. @returns such as `4.9`, `–` */
export function bitsShort(bits: number | null): string {
  return bits === null ? '–' : bits.toFixed(1);
}

/** A licence as people write it. @returns such as `Apache-2.0`, `MIT` */
export function licenseWords(license: string): string {
  const known: Readonly<Record<string, string>> = { 'apache-2.0': 'Apache-2.0', mit: 'MIT', gemma: 'Gemma', other: 'Own license' };
  return known[license.toLowerCase()] ?? license;
}

/** How long something is ago, for a sentence. @returns such as `today`, `12 days ago`, `3 months ago`, `2 years ago` */
export function agoWords(atMs: number, nowMs: number): string {
  const days = Math.floor((nowMs - atMs) / 86_400_000);
  if (days < 1) return 'today';
  if (days < 61) return days === 1 ? 'yesterday' : `${days} days ago`;
  const months = Math.floor(days / 30.44);
  return months < 24 ? `${months} months ago` : `${Math.floor(months / 12)} years ago`;
}
