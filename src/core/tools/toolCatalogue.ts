import { operations } from './calculator.ts';
import type { ToolName, ToolSpec } from './tool.ts';

/** The tools that ship, as models are told of them. */
export const toolCatalogue: Readonly<Record<ToolName, ToolSpec>> = {
  calculator: {
    name: 'calculator',
    description: 'Works out one step of arithmetic and returns the result as a number.',
    parameters: {
      type: 'object',
      properties: {
        operation: { type: 'string', enum: operations, description: 'What to do with a and b.' },
        a: { type: 'number', description: 'The first number.' },
        b: { type: 'number', description: 'The second number.' },
      },
      required: ['operation', 'a', 'b'],
      additionalProperties: false,
    },
  },
  execute_python: {
    name: 'execute_python',
    description:
      'Runs a Python 3 program and returns what it printed. No network, no files, no packages beyond the standard library, ten seconds.',
    parameters: {
      type: 'object',
      properties: { code: { type: 'string', description: 'The whole program. Print what you want to know.' } },
      required: ['code'],
      additionalProperties: false,
    },
  },
  http_get: {
    name: 'http_get',
    description: 'Fetches an address with GET and returns the status and the body of the answer.',
    parameters: {
      type: 'object',
      properties: { url: { type: 'string', description: 'The full address, with https://.' } },
      required: ['url'],
      additionalProperties: false,
    },
  },
};
