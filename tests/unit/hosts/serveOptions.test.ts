import { describe, expect, it } from 'vitest';
import { readServeOptions } from '#main/hosts/serve/serveOptions.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

describe('readServeOptions', () => {
  it('listens on loopback and opens a browser when nothing is said', () => {
    expect(readServeOptions([])).toMatchObject({ host: '127.0.0.1', open: true, json: false, isPortChosen: false });
  });

  it('opens no browser for programs', () => {
    expect(readServeOptions(['--json', '--port', '0'])).toMatchObject({ open: false, json: true, port: 0, isPortChosen: true });
  });

  it.each([
    [['--host', '0.0.0.0']],
    [['--host', '192.168.1.2']],
    [['--port', 'x']],
    [['--port', '70000']],
    [['--port', '-1']],
    [['--nope']],
    [['extra']],
  ])('refuses %j as wrong usage, with a hint', (args) => {
    expect(() => readServeOptions(args)).toThrowError(RpcError);
    try {
      readServeOptions(args);
    } catch (error) {
      expect(error).toMatchObject({ code: 'usage', hint: expect.stringMatching(/./) });
    }
  });
});
