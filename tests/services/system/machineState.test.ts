import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { powerSourceOf, readPowerSource } from '#main/services/system/powerSource.ts';
import { hasCooled, hottest, isTooHot, readThermalState, thermalWords } from '#main/services/system/thermalState.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

function sysfsWith(files: Readonly<Record<string, string>>): string {
  const sysfs = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(sysfs, path, '..'), { recursive: true });
    writeFileSync(join(sysfs, path), `${text}\n`);
  }
  return sysfs;
}
const supply = (type: string, parts: { readonly online?: string; readonly status?: string; readonly scope?: string } = {}) => ({
  type,
  online: parts.online ?? null,
  status: parts.status ?? null,
  scope: parts.scope ?? null,
});

describe('the source of power', () => {
  it.each([
    [
      'mains where a cable is in, also while the battery is drained',
      [supply('Mains', { online: '1' }), supply('Battery', { status: 'Discharging' })],
      'mains',
    ],
    ['the battery where the cable is out', [supply('Mains', { online: '0' }), supply('Battery', { status: 'Discharging' })], 'battery'],
    ['mains where a full battery is not drained', [supply('Battery', { status: 'Full' })], 'mains'],
    ['unknown where only a mouse has a battery', [supply('Battery', { status: 'Discharging', scope: 'Device' })], null],
    ['unknown on a desktop that says nothing', [], null],
  ] as const)('is %s', (_what, supplies, source) => {
    expect(powerSourceOf(supplies)).toBe(source);
  });

  it('is read from sysfs, and unknown where there is none', async () => {
    const sysfs = sysfsWith({
      'class/power_supply/AC/type': 'Mains',
      'class/power_supply/AC/online': '0',
      'class/power_supply/BAT0/type': 'Battery',
      'class/power_supply/BAT0/status': 'Discharging',
    });
    expect(await readPowerSource({ platform: 'linux', sysfs })).toBe('battery');
    expect(await readPowerSource({ platform: 'linux', sysfs: join(sysfs, 'nothing') })).toBeNull();
  });
});

describe('heat', () => {
  it('is told by the zone nearest to its limit; zones of no processor and limits of fans do not count', async () => {
    const sysfs = sysfsWith({
      'class/thermal/thermal_zone0/type': 'acpitz',
      'class/thermal/thermal_zone0/temp': '99000',
      'class/thermal/thermal_zone1/type': 'x86_pkg_temp',
      'class/thermal/thermal_zone1/temp': '88000',
      'class/thermal/thermal_zone1/trip_point_0_type': 'passive',
      'class/thermal/thermal_zone1/trip_point_0_temp': '90000',
      'class/thermal/thermal_zone1/trip_point_1_type': 'active',
      'class/thermal/thermal_zone1/trip_point_1_temp': '65000',
      'class/thermal/cooling_device0/type': 'Fan',
    });
    expect(await readThermalState({ platform: 'linux', sysfs })).toEqual({ celsius: 88, limitCelsius: 90 });
    expect(await readThermalState({ platform: 'linux', sysfs: join(sysfs, 'nothing') })).toBeNull();
  });

  it('has gone too far at the limit, and is over ten degrees below', () => {
    const at = (celsius: number) => ({ celsius, limitCelsius: 90 });
    expect([89, 90, 91].map((celsius) => isTooHot(at(celsius)))).toEqual([false, true, true]);
    expect([79, 80, 81].map((celsius) => hasCooled(at(celsius)))).toEqual([true, true, false]);
  });

  it('of a processor without a limit of its own is held against what is common, and is said in words', () => {
    const state = hottest([{ type: 'cpu-thermal', celsius: 71.4, trips: [] }]);
    expect(state).toEqual({ celsius: 71.4, limitCelsius: 95 });
    expect(thermalWords(state)).toBe('71 °C, slows down at 95 °C');
    expect(thermalWords(null)).toBeNull();
  });
});
