import { describe, expect, it } from 'vitest';
import { readServeOptions } from '#main/hosts/serve/serveOptions.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

describe('readServeOptions', () => {
  it('listens on loopback and opens a browser when nothing is said', () => {
    expect(readServeOptions([])).toMatchObject({ host: '127.0.0.1', open: true, json: false, isPortChosen: false });
  });

  it('serves the API on its own port with the kept key, unless told otherwise', () => {
    expect(readServeOptions([])).toMatchObject({ apiPort: 11_435, isApiPortChosen: false, apiKey: null });
    expect(readServeOptions(['--no-api'])).toMatchObject({ apiPort: null });
    expect(readServeOptions(['--api-port', '0', '--api-key', 'my-own-key'])).toMatchObject({
      apiPort: 0,
      isApiPortChosen: true,
      apiKey: 'my-own-key',
    });
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
    [['--api-port', '70000']],
    [['--api-key', 'short']],
    [['--api-key', 'with spaces in it']],
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
