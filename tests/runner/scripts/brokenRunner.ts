/** Cannot even start, and says so. */
process.stderr.write('Error: the engine is missing\n');
process.exit(3);
