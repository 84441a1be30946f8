import { expect, test } from 'vitest';
import { asHubAddress } from '#core/names/asHubAddress.ts';

test.each([
  ['https://models.corp.example/org/repo', 'https://models.corp.example', 'https://huggingface.co/org/repo'],
  [' HTTPS://Models.corp.example/hub/org/repo:Q4_K_M', 'https://models.corp.example/hub', 'https://huggingface.co/org/repo:Q4_K_M'],
])('%s is an address of the hub in use', (text, endpoint, address) => {
  expect(asHubAddress(text, endpoint)).toBe(address);
});

test.each(['https://models.corp.example.evil.example/org/repo', 'https://other.example/org/repo', 'org/repo', ''])(
  '%s is left as it is',
  (text) => expect(asHubAddress(text, 'https://models.corp.example')).toBe(text),
);
