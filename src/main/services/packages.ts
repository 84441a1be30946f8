import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * Packages that many starts never need, loaded where they are first used: together they take longer than all else that a start loads. Each is
 * there at once, as an import would be; only its types are imported.
 */
export const packages = {
  get ajv() {
    return load('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  },
  get csv() {
    return load('csv-parse/sync') as typeof import('csv-parse/sync');
  },
  get re2() {
    return load('re2js') as typeof import('re2js');
  },
  get undici() {
    return load('undici') as typeof import('undici');
  },
  get yaml() {
    return load('yaml') as typeof import('yaml');
  },
};
