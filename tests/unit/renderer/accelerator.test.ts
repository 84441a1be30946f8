import { expect, test } from 'vitest';
import { acceleratorOf, keysOfAccelerator } from '../../../src/renderer/features/settings/accelerator.ts';

const pressed = (code: string, held: readonly ('ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey')[]) => ({
  key: '',
  code,
  ctrlKey: held.includes('ctrlKey'),
  metaKey: held.includes('metaKey'),
  altKey: held.includes('altKey'),
  shiftKey: held.includes('shiftKey'),
});

test('a combination is written in the words of Electron, in one order', () => {
  expect(acceleratorOf(pressed('Space', ['shiftKey', 'ctrlKey']))).toBe('CommandOrControl+Shift+Space');
  expect(acceleratorOf(pressed('KeyK', ['metaKey', 'altKey']))).toBe('CommandOrControl+Alt+K');
  expect(acceleratorOf(pressed('F9', ['altKey']))).toBe('Alt+F9');
  expect(acceleratorOf(pressed('Digit1', ['ctrlKey']))).toBe('CommandOrControl+1');
});

test('a key alone, Shift alone, and a modifier without a key are no combination that may be taken from every program', () => {
  expect(acceleratorOf(pressed('KeyK', []))).toBeNull();
  expect(acceleratorOf(pressed('KeyK', ['shiftKey']))).toBeNull();
  expect(acceleratorOf(pressed('ControlLeft', ['ctrlKey']))).toBeNull();
  expect(acceleratorOf(pressed('Backquote', ['ctrlKey']))).toBeNull();
});

test('a combination is shown with the keys of the page', () => {
  expect(keysOfAccelerator('CommandOrControl+Shift+Space')).toEqual(['Ctrl', 'Shift', 'Space']);
});
