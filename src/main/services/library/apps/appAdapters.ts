import type { AppAdapter } from './appAdapter.ts';
import { docker } from './docker.ts';
import { gpt4all } from './gpt4all.ts';
import { hubCache } from './hubCache.ts';
import { jan } from './jan.ts';
import { llamaCpp } from './llamaCpp.ts';
import { lmStudio } from './lmStudio.ts';
import { ollama } from './ollama.ts';

/** In the order of precedence where two reach one file: those whose records say most come first. */
export const appAdapters: readonly AppAdapter[] = [hubCache, ollama, docker, lmStudio, jan, llamaCpp, gpt4all];
