import { describe, expect, it } from 'vitest';
import {
  formatBytesOf,
  formatBytesPerSecond,
  formatCount,
  formatDuration,
  formatGibibytes,
  formatGigabytes,
  formatParameters,
  formatPercent,
  formatPoints,
  formatRatio,
  formatScore,
  formatTally,
  formatTokensPerSecond,
} from '#core/units.ts';

describe('numbers for people', () => {
  it.each([
    [formatGigabytes(18_556_686_912), '18.6 GB'],
    [formatGigabytes(4_164_608), '4.2 MB'],
    [formatGigabytes(0), '0 GB'],
    [formatBytesOf(1_600_000_000, 2_500_000_000), '1.6 of 2.5 GB'],
    [formatBytesOf(80_000_000, 2_500_000_000), '80.0 MB of 2.5 GB'],
    [formatBytesOf(1_200_000, 4_164_608), '1.2 of 4.2 MB'],
    [formatBytesOf(0, 2_500_000_000), '0 of 2.5 GB'],
    [formatBytesOf(null, null), '– of –'],
    [formatBytesPerSecond(38_400_000), '38 MB/s'],
    [formatBytesPerSecond(3_400_000), '3.4 MB/s'],
    [formatBytesPerSecond(9_960_000), '10 MB/s'],
    [formatBytesPerSecond(45_200), '45 kB/s'],
    [formatBytesPerSecond(12), '0 MB/s'],
    [formatBytesPerSecond(1_250_000_000), '1,250 MB/s'],
    [formatBytesPerSecond(null), '–'],
    [formatGibibytes(19_864_223_744), '18.5 GiB'],
    [formatGibibytes(137_438_953_472), '128 GiB'],
    [formatGibibytes(50_331_648), '48.0 MiB'],
    [formatParameters(30_532_122_624), '30.5B'],
    [formatParameters(7_000_000_000), '7B'],
    [formatParameters(361_821_120), '362M'],
    [formatParameters(6_689_024), '6.7M'],
    [formatParameters(671_026_419_200), '671B'],
    [formatTokensPerSecond(31.4), '31 tok/s'],
    [formatTokensPerSecond(4.26), '4.3 tok/s'],
    [formatTokensPerSecond(31.44, { kind: 'live' }), '31.4 tok/s'],
    [formatTokensPerSecond(26.7, { kind: 'predicted' }), '~27 tok/s'],
    [formatTokensPerSecond(15_701), '15,701 tok/s'],
    [formatDuration(31.4), '31 ms'],
    [formatDuration(310), '0.31 s'],
    [formatDuration(999), '1.0 s'],
    [formatDuration(1_130), '1.1 s'],
    [formatDuration(42_000), '42 s'],
    [formatDuration(59_600), '1 min'],
    [formatDuration(100_000), '1 min 40 s'],
    [formatDuration(24 * 60_000), '24 min'],
    [formatDuration(96 * 60_000), '1 h 36 min'],
    [formatDuration(59.7 * 60_000), '1 h'],
    [formatCount(8_192), '8,192'],
    [formatCount(-1_234_567), '−1,234,567'],
    [formatTally(1_940), '1,940'],
    [formatTally(410.75), '410.8'],
    [formatTally(null), '–'],
    [formatPercent(0.94), '94%'],
    [formatPercent(0.999), '99%'],
    [formatPercent(0.001), '1%'],
    [formatPercent(1), '100%'],
    [formatPoints(0.03), '+3.0 points'],
    [formatPoints(-0.051), '−5.1 points'],
    [formatPoints(0), '0.0 points'],
    [formatScore({ passRate: 0.94, low: 0.9071, high: 0.9625 }), '94% [91–96]'],
    [formatRatio(2.14), '2.1×'],
  ])('%s is %s', (text, expected) => {
    expect(text).toBe(expected);
  });

  it('show an en dash where a value is missing, never 0', () => {
    const formats = [
      formatCount,
      formatGigabytes,
      formatGibibytes,
      formatParameters,
      formatDuration,
      formatPercent,
      formatPoints,
      formatRatio,
    ];
    expect(formats.flatMap((format) => [format(null), format(undefined), format(Number.NaN)])).toEqual(
      Array.from({ length: 24 }, () => '–'),
    );
    expect([formatTokensPerSecond(null), formatScore(null)]).toEqual(['–', '–']);
  });
});
