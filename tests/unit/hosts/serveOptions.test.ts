import { describe, expect, it } from 'vitest';
import { readServeOptions } from '#main/hosts/serve/serveOptions.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

describe('readServeOptions', () => {
  it('listens on loopback and opens a browser when nothing is said', () => {
    expect(readServeOptions([])).toMatchObject({ host: '127.0.0.1', open: true, json: false, isPortChosen: false });
  });

  it('serves the API as the settings say, unless told otherwise', () => {
    expect(readServeOptions([])).toMatchObject({ api: true, apiPort: null, apiKey: null, lan: null });
    expect(readServeOptions(['--no-api'])).toMatchObject({ api: false });
    expect(readServeOptions(['--api-port', '0', '--api-key', 'my-own-key', '--lan'])).toMatchObject({
      api: true,
      apiPort: 0,
      apiKey: 'my-own-key',
      lan: true,
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
    [['--no-ui', '--no-api']],
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
