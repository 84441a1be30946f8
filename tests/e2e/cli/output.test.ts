import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput } from '#main/hosts/cli/output.ts';

function outputTo(options: { readonly isTerminal: boolean }) {
  const stream = (): NodeJS.WriteStream =>
    Object.assign(new PassThrough(), { isTTY: options.isTerminal }) as PassThrough as unknown as NodeJS.WriteStream;
  const [stdout, stderr] = [stream(), stream()];
  return {
    output: createOutput({ json: false, stdout, stderr }),
    said: () => String(stdout.read() ?? ''),
    noted: () => String(stderr.read() ?? ''),
  };
}

/** Sets the clipboard, clears the screen, turns the direction of writing. */
const hostile = 'one\u001b]52;c;cm0gLXJm\u0007\u001b[2J\ttwo\r\n\u202eeerht';

describe('output for people', () => {
  it('lets no control character of a model or a file name reach a terminal', () => {
    const { output, said, noted } = outputTo({ isTerminal: true });
    output.text(hostile);
    expect(said()).toBe('one]52;c;cm0gLXJm[2J\ttwo\neerht');
    output.note(hostile);
    output.error({ code: 'x', message: hostile, hint: hostile });
    expect(noted()).not.toMatch(/[[\p{Cc}--[\n\t]]\u202e]/v);
  });

  it('is passed on as it is to a file or a program', () => {
    const { output, said } = outputTo({ isTerminal: false });
    output.text(hostile);
    expect(said()).toBe(hostile);
  });
});
