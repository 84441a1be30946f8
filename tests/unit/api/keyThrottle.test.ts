import { expect, it } from 'vitest';
import { createKeyThrottle, isLocalAddress } from '#main/services/api/keyThrottle.ts';

function openThrottle() {
  let clock = 5_000;
  const throttle = createKeyThrottle(() => clock);
  return {
    ...throttle,
    pass: (ms: number) => (clock += ms),
    wrong(address: string, times = 1): void {
      for (let time = 0; time < times; time++) throttle.noteWrong(address);
    },
  };
}

it('lets another device try ten wrong keys, then one each six seconds, and forgives all with time', () => {
  const { waitSeconds, wrong, pass } = openThrottle();
  wrong('192.168.0.7', 9);
  expect(waitSeconds('192.168.0.7')).toBe(0);
  wrong('192.168.0.7');
  expect([waitSeconds('192.168.0.7'), waitSeconds('::ffff:192.168.0.7'), waitSeconds('192.168.0.8')]).toEqual([6, 6, 0]);
  pass(6_000);
  expect(waitSeconds('192.168.0.7')).toBe(0);
  wrong('192.168.0.7');
  expect(waitSeconds('192.168.0.7')).toBe(6);
  pass(60_000);
  wrong('192.168.0.7', 9);
  expect(waitSeconds('192.168.0.7')).toBe(0);
});

it('is gentle with this machine, and takes the addresses of one network for one device', () => {
  const { waitSeconds, wrong } = openThrottle();
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) expect(isLocalAddress(address)).toBe(true);
  for (const address of ['', '10.127.0.1', '::ffff:10.0.0.1', '::2', 'fe80::1']) expect(isLocalAddress(address)).toBe(false);
  wrong('127.0.0.1', 99);
  expect(waitSeconds('127.0.0.1')).toBe(0);
  wrong('127.0.0.1');
  expect(waitSeconds('127.0.0.1')).toBe(1);
  for (let device = 0; device < 10; device++) wrong(`2001:db8:1:2::${device}`);
  expect([waitSeconds('2001:db8:1:2:ffff:1:2:3'), waitSeconds('2001:db8:1:3::1'), waitSeconds('fe80::5%eth0')]).toEqual([6, 0, 0]);
});

it('forgets who was quiet longest when many ask', () => {
  const { waitSeconds, wrong } = openThrottle();
  wrong('10.0.0.1', 10);
  for (let device = 0; device < 255; device++) wrong(`10.1.0.${device}`);
  expect(waitSeconds('10.0.0.1')).toBe(6);
  wrong('10.2.0.1');
  expect(waitSeconds('10.0.0.1')).toBe(0);
});
