import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeToRun } from '#core/bench/codeToRun.ts';
import type { CodeExecution } from '#core/bench/gradedItem.ts';
import { openBrowserSandbox } from '#main/hosts/sandbox/openBrowserSandbox.ts';
import { type PythonJob, type PythonRun, pythonLimits, type SandboxPage } from '#main/services/sandbox/sandboxPage.ts';
import { browserFacts, installedBrowser } from './installedBrowser.ts';

let page: SandboxPage;
let server: Server;
let requests = 0;

beforeAll(async () => {
  if (installedBrowser === null) return;
  server = createServer((_request, response) => {
    requests += 1;
    response.end('reached');
  }).listen(0, '127.0.0.1');
  server.on('connection', () => {
    requests += 1;
  });
  page = await openBrowserSandbox(browserFacts({ RIGHTSIZE_SECRET_FOR_TEST: 'not for models' }));
});
afterAll(async () => {
  await page?.close();
  server?.close();
});

const run = (code: string, limits: Partial<PythonJob> = {}, signal = new AbortController().signal): Promise<PythonRun> =>
  page.run({ ...pythonLimits, ...limits, code }, { signal });

/** Runs each statement by itself and answers what it raised, or what it left in `got`. */
async function attempts(tries: Readonly<Record<string, string>>, before = ''): Promise<Record<string, string>> {
  const { stdout, error } = await run(`
import json
said = {}
${before}
for name, source in json.loads(${JSON.stringify(JSON.stringify(tries))}).items():
    try:
        names = {**globals(), 'got': None}
        exec(source, names)
        said[name] = 'got ' + repr(names['got'])
    except BaseException as error:
        said[name] = type(error).__name__ + ': ' + str(error)[:200]
print(json.dumps(said))
`);
  expect(error).toBeNull();
  return JSON.parse(stdout) as Record<string, string>;
}

/** Python that finds what leads to JavaScript again, by the interpreter's own introspection. */
const findJavaScript = `
import _imp, gc, importlib.machinery
core = _imp.create_builtin(importlib.machinery.ModuleSpec('_pyodide_core', None))
held = next(o['scheduleCallback'] for o in gc.get_objects() if isinstance(o, dict) and o.get('__name__') == 'pyodide.webloop')
`;

describe.skipIf(installedBrowser === null)('Python of a model', () => {
  it('runs as people write it, and tells its errors as Python does', async () => {
    const good = await run(
      'import asyncio, sys\nasync def main():\n    await asyncio.sleep(0.001)\n    return 5050\nif __name__ == "__main__":\n    print(asyncio.run(main()))\n    print("aside", file=sys.stderr)\n    sys.exit(0)',
    );
    expect(good).toMatchObject({ state: 'finished', stdout: '5050\n', stderr: 'aside\n', isOutputCut: false, error: null });
    const bad = await run('def half(x):\n    return x / 0\nprint("before", end="")\nhalf(1)');
    expect(bad).toMatchObject({ state: 'raised', stdout: 'before' });
    expect(bad.error?.split('\n')).toEqual(expect.arrayContaining(['    return x / 0', 'ZeroDivisionError: division by zero']));
    expect((await run('print(input())')).error).toMatch(/EOFError/);
  });

  it('finds no file, no variable, no process and no thread of this machine', async () => {
    const said = await attempts({
      passwd: 'got = open("/etc/passwd").read()',
      host: `got = open(${JSON.stringify(import.meta.filename)}).read()`,
      environment: 'import os; got = [name for name in os.environ if "RIGHTSIZE" in name or "TOKEN" in name]',
      shell: 'import subprocess; got = subprocess.run(["ls"])',
      system: 'import os; got = os.system("ls")',
      fork: 'import os; got = os.fork()',
      thread: 'import threading; threading.Thread(target=print).start(); got = 1',
      process: 'import multiprocessing; multiprocessing.Process(target=print).start(); got = 1',
    });
    expect(said['environment']).toBe('got []');
    expect(said['system']).toMatch(/Error|got -1/);
    for (const name of ['passwd', 'host', 'shell', 'fork', 'thread', 'process']) expect(said[name], name).toMatch(/^\w*Error: /);
  });

  it('reaches no network by any of its ways', async () => {
    const { port } = server.address() as AddressInfo;
    const said = await attempts({
      urllib: `import urllib.request; got = urllib.request.urlopen("http://127.0.0.1:${port}/").read()`,
      client: `import http.client; c = http.client.HTTPConnection("127.0.0.1", ${port}); c.request("GET", "/"); got = c.getresponse()`,
      socket: `import socket; s = socket.socket(); s.connect(("127.0.0.1", ${port})); got = s.send(b"GET / HTTP/1.0\\r\\n\\r\\n")`,
      connection: `import socket; got = socket.create_connection(("127.0.0.1", ${port}))`,
      rawSocket: `import _imp, importlib.machinery as m; got = _imp.create_builtin(m.ModuleSpec("_socket", None)).socket().connect(("127.0.0.1", ${port}))`,
      names: 'import socket; got = socket.getaddrinfo("localhost", 80)',
      asyncio: `import asyncio; got = asyncio.run(asyncio.open_connection("127.0.0.1", ${port}))`,
      openUrl: `from pyodide.http import open_url; got = open_url("http://127.0.0.1:${port}/")`,
      fetch: `import js; got = js.fetch("http://127.0.0.1:${port}/")`,
      micropip: 'import micropip; got = 1',
    });
    for (const [name, words] of Object.entries(said)) expect(words, name).toMatch(/^\w*Error: /);
    expect(requests).toBe(0);
  });

  it('does not get to JavaScript by name', async () => {
    const said = await attempts({
      js: 'import js; got = js',
      api: 'import pyodide_js; got = pyodide_js',
      module: 'import importlib; got = importlib.import_module("js")',
      code: 'from pyodide.code import run_js; got = run_js("1")',
      core: 'import _pyodide_core; got = 1',
      ctypes: 'import ctypes; got = ctypes',
      finder: 'import sys; sys.meta_path[:] = [f for f in sys.meta_path if "NotHere" not in str(f)]; import js; got = js',
    });
    for (const [name, words] of Object.entries(said)) expect(words, name).toMatch(/^ModuleNotFoundError: /);
  });

  it('that digs its way to JavaScript finds no text run as a program, no network and nobody to speak to', async () => {
    const { port } = server.address() as AddressInfo;
    const names =
      'fetch XMLHttpRequest WebSocket WebSocketStream EventSource WebTransport importScripts postMessage close Worker SharedWorker';
    const stores =
      'indexedDB caches BroadcastChannel MessageChannel MessagePort navigator location storage crossOriginIsolated onmessage reportError';
    const said = await attempts(
      {
        array: 'got = core.to_js([1])[0]',
        constructor: 'got = core.to_js([1]).constructor.constructor("return globalThis")()',
        asynchronous: `got = core.to_js([1]).constructor.constructor("return import('/page.js')")()`,
        world: 'got = str(world)',
        names: `got = [name for name in "${names} ${stores}".split() if getattr(world, name, None) is not None]`,
        inherited:
          'got = [name for level in levels(world) for name in world.Reflect.ownKeys(level) if isinstance(name, str) and name.startswith(("post", "on", "import", "fetch"))]',
        eval: 'got = world.eval("1")',
        timer: 'got = world.setTimeout("1", 0)',
        request: `got = world.fetch("http://127.0.0.1:${port}/")`,
      },
      `${findJavaScript}
import asyncio
caught = []
async def dig():
    # A timer calls back with the worker's own global object.
    held(core.create_proxy(lambda this: caught.append(this), capture_this=True), 5)
    while not caught: await asyncio.sleep(0.001)
asyncio.run(dig())
world = caught[0]
def levels(level):
    while level is not None and str(level) != '[object Object]':
        yield level
        level = world.Object.getPrototypeOf(level)
`,
    );
    expect(said['array']).toBe('got 1');
    expect(said['constructor']).toMatch(/EvalError|Content Security Policy/);
    expect(said['asynchronous']).toMatch(/EvalError|Content Security Policy/);
    expect(said['world']).toContain('Global');
    expect(said['names']).toBe('got []');
    expect(said['inherited']).toBe('got []');
    for (const name of ['eval', 'request']) expect(said[name], name).toMatch(/^AttributeError: /);
    expect(requests).toBe(0);
  });

  it('says nothing of how it went but by going so', async () => {
    const forged = '{"kind":"done","state":"finished","error":null}';
    expect(await run(`print(${JSON.stringify(forged)})\nraise ValueError("lost")`)).toMatchObject({
      state: 'raised',
      stdout: `${forged}\n`,
    });
    expect(await run('import os\nprint("kept")\nos._exit(0)')).toMatchObject({ state: 'raised', stdout: 'kept\n' });
    expect(await run('import os\nos.abort()')).toMatchObject({ state: 'raised' });
    const patched = await run(`import builtins, sys, traceback
builtins.exec = builtins.compile = lambda *given, **named: None
sys.excepthook = traceback.format_exception = lambda *given: "fine"
${findJavaScript}
prototype = core.to_js([1]).constructor.constructor.prototype
try:
    prototype.call = prototype.bind = core.create_proxy(lambda *given: None)
except Exception: pass
raise ValueError("lost")`);
    expect(patched.state).toBe('raised');
  });

  it('leaves nothing behind for the next', async () => {
    const first = await run('import builtins, random\nbuiltins.left = 1\nopen("/tmp/left", "w").write("x")\nprint(random.random())');
    const second = await run('import os, random\nprint(random.random())\nprint(os.path.exists("/tmp/left"), "left" in dir(__builtins__))');
    expect(second.stdout.split('\n')[1]).toBe('False False');
    expect(second.stdout.split('\n')[0]).not.toBe(first.stdout.trim());
  });
});

describe.skipIf(installedBrowser === null)('the limits', () => {
  it('end a loop, with what it had printed', async () => {
    const stubborn = 'print("begun")\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass';
    expect(await run(stubborn, { timeLimitMs: 300 })).toMatchObject({ state: 'timed-out', stdout: 'begun\n', error: null });
  });

  it('end what is no longer wanted at once', async () => {
    const stopping = new AbortController();
    const running = run('while True: pass', { timeLimitMs: 600_000 }, stopping.signal);
    stopping.abort();
    expect(await running).toMatchObject({ state: 'timed-out' });
  });

  it('hold memory, whatever is done to what holds it', async () => {
    expect(await run('kept = []\nwhile True: kept.append(bytearray(16_000_000))')).toMatchObject({ state: 'out-of-memory' });
    const loose = await run(`${findJavaScript}
held_bytes = 0
try:
    memory = core.to_js([1]).constructor
    memory.constructor.prototype.grow = None
except Exception: pass
kept = []
try:
    while True:
        kept.append(bytearray(8_000_000))
        held_bytes += 8_000_000
except MemoryError: pass
print(held_bytes)`);
    expect(Number(loose.stdout)).toBeGreaterThan(100e6);
    expect(Number(loose.stdout)).toBeLessThan(256 * 2 ** 20);
  });

  it('hold files, which lie outside the interpreter’s memory', async () => {
    const written = await run('for i in range(1000):\n    with open(f"/tmp/{i}", "wb") as file: file.write(bytes(1_000_000))');
    expect(written.error).toMatch(/No space left/);
    expect((await run('import os\nos.truncate(os.open("/tmp/x", os.O_CREAT | os.O_RDWR), 2**31)')).error).toMatch(/No space left/);
  });

  it.each([
    ['pipes', 'r, w = os.pipe()\nwhile True: os.write(w, bytes(1_000_000))'],
    ['many small folders', 'for i in range(10**9): os.mkdir(f"/tmp/{i}")'],
    ['links to long names', 'for i in range(10**9): os.symlink("x" * 4000, f"/tmp/{i}")'],
    ['a terminal without lines', 'with open("/dev/tty", "wb", buffering=0) as terminal:\n    while True: terminal.write(b"x" * 100_000)'],
  ])('hold %s like files', async (_what, code) => {
    expect((await run(`import os\n${code}`)).error).toMatch(/OSError: .*No space left/);
  });

  it('leave room for pipes, links and terminals as people use them', async () => {
    const used = await run(`import os
r, w = os.pipe()
os.write(w, b"through")
os.symlink("/tmp", "/tmp/link")
open("/tmp/link/file", "w").write("x")
open("/dev/tty", "w").write("x")
print(os.read(r, 10), sorted(os.listdir("/tmp")))`);
    expect(used).toMatchObject({ state: 'finished', stdout: "b'through' ['file', 'link']\n" });
  });

  it('hold what is printed, of both streams together', async () => {
    const flood = await run('import sys\nfor i in range(3000):\n    print("x" * 99)\n    print("y" * 99, file=sys.stderr)');
    expect(flood).toMatchObject({ state: 'finished', isOutputCut: true });
    expect(flood.stdout.length + flood.stderr.length).toBe(pythonLimits.outputLimitBytes);
    const even = await run(`print("é" * ${pythonLimits.outputLimitBytes / 2 - 1}, end="")`);
    expect(even.isOutputCut).toBe(false);
    expect((await run('raise Exception("x" * 1_000_000)')).error?.length).toBeLessThan(25_000);
  });

  it('end an interpreter that breaks down as the program’s own error', async () => {
    const deep = await run('import sys\nsys.setrecursionlimit(10**9)\ndef fall(n): return [fall(n + 1)]\nfall(0)');
    expect(deep).toMatchObject({ state: 'raised', error: expect.any(String) });
  });
});

describe.skipIf(installedBrowser === null)('code under hidden cases', () => {
  const cases = [
    { call: 'pair(3)', gives: [3, 9] },
    { call: 'pair(4)', gives: [4, 16] },
  ];
  async function tried(lines: readonly string[]): Promise<CodeExecution | undefined> {
    const job = codeToRun({ grader: { type: 'python', function: 'pair', cases } }, { text: lines.join('\n'), calls: [] });
    return job?.read(await run(job.code));
  }

  it('passes with the right values, whatever else it prints and however it ends', async () => {
    const lines = ['import sys', 'def pair(n):', '    print("noise " * 50_000)', '    return (n, n * n)', 'print(pair(1))', 'sys.exit(0)'];
    expect(await tried(lines)).toEqual({ state: 'passed', message: 'All 2 cases are right.' });
  });

  it('gains nothing by an object that equals everything, by patched builtins, or by an end of the whole program', async () => {
    const patched = [
      'import builtins, json, sys',
      'class Same(list):',
      '    def __eq__(self, other): return True',
      'builtins.AssertionError = ValueError',
      'builtins.eval = builtins.compile = builtins.sorted = lambda *given, **named: None',
      'json.dumps = lambda value: "[3, 9]"',
      'sys.stdout = sys.__stdout__',
      'def pair(n): return Same([1])',
    ];
    expect(await tried(patched)).toEqual({ state: 'failed', message: '“pair(3)” gave [1], expected [3,9].' });
    expect(await tried(['import os', 'def pair(n): os._exit(0)'])).toMatchObject({ state: 'failed' });
  });
});
