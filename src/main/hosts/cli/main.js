#!/usr/bin/env node
// @ts-check
import { keepCompiledCode } from '#main/compileCache.js';

keepCompiledCode();
const { runCommandLine } = await import('./commandLine.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
