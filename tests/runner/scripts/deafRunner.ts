/** Answers pings for ever, and nothing else: neither cancel nor stop. */
process.on('disconnect', () => process.exit(0));
process.on('message', (frame: { readonly id: number; readonly route: string }) => {
  if (frame.route === 'runner.ping') process.send?.({ kind: 'end', id: frame.id, data: { pid: process.pid, uptimeMs: 1 } });
});
