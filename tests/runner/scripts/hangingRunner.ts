/** Answers pings until it is asked for anything else; then its main thread hangs, as a parser in an endless loop does. */
process.on('disconnect', () => process.exit(0));
process.on('message', (frame: { readonly id: number; readonly route: string }) => {
  if (frame.route === 'runner.ping') return process.send?.({ kind: 'end', id: frame.id, data: { pid: process.pid, uptimeMs: 1 } });
  process.stderr.write('reading the file\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
