/** A runner that lives but never answers. It still leaves with its parent. */
process.on('message', () => undefined);
process.on('disconnect', () => process.exit(0));
