import { describe, expect, it } from 'vitest';
import { isGuardedWay } from '#main/services/endpoints/endpointAddress.ts';

describe('the way to an endpoint', () => {
  it.each([
    'https://api.example/v1',
    'http://localhost:11434/v1',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'http://10.1.2.3',
    'http://172.31.0.1:8000',
    'http://192.168.0.7',
    'http://169.254.1.1',
    'http://100.101.102.103:8000',
    'http://[fd12:3456::1]',
    'http://[fe80::1]',
    'http://gpu-box:8000',
    'http://lab.local/v1',
    'http://host.docker.internal:12434',
  ])('is guarded to %s', (address) => expect(isGuardedWay(address)).toBe(true));

  it.each([
    'http://api.example/v1',
    'http://8.8.8.8',
    'http://172.32.0.1',
    'http://100.128.0.1',
    'http://192.169.0.1',
    'http://[2001:db8::1]',
    'http://10.example.com',
    'http://local.example',
  ])('is open to %s', (address) => expect(isGuardedWay(address)).toBe(false));
});
