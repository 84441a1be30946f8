import type { Hono } from 'hono';
import * as z from 'zod';
import { formatParameters } from '#core/units.ts';
import type { Artifact, Inspection, LoadedModel } from '#shared/contract/models.ts';
import type { ApiNeeds } from './apiAnswer.ts';
import { ApiError } from './apiErrors.ts';
import { modelName } from './ollamaFields.ts';
import { readBody } from './readBody.ts';
import { servedModel, servedModels } from './servedModel.ts';

const NamedModel = z
  .object({ model: modelName.optional(), name: modelName.optional() })
  .refine(({ model, name }) => model !== undefined || name !== undefined, { error: 'It is missing.', path: ['model'] })
  .transform(({ model, name = '' }) => model ?? name);
/** Clients ask for it before they use what is newer than an Ollama of theirs: this is the one whose API is spoken here. */
const spokenVersion = '0.13.5';
/** What changes the library is the app's own affair. */
const changes = ['/api/create', '/api/copy', '/api/push', '/api/delete'];
/** Clients want a moment; this one is far enough. */
const never = '9999-12-31T23:59:59Z';

/** What there is to talk to, in Ollama's words. */
export function addOllamaModels(app: Hono, needs: ApiNeeds & { readonly version: string }): void {
  app.get('/api/version', (context) => context.json({ version: spokenVersion, rightsize: needs.version }));
  app.get('/api/tags', (context) => context.json({ models: servedModels(needs).map(tagOf) }));
  app.get('/api/ps', (context) => {
    const models = servedModels(needs);
    const loaded = needs.models.loaded().flatMap((entry) => {
      const model = models.find(({ id }) => id === entry.artifactId);
      return model === undefined || entry.state !== 'ready' ? [] : [{ ...tagOf(model), ...placeOf(entry, model) }];
    });
    return context.json({ models: loaded });
  });
  app.post('/api/show', async (context) => {
    const model = servedModel(await readBody(context, NamedModel), needs);
    const facts = (await needs.library.inspect?.(model.id)) ?? null;
    return context.json({
      license: model.license ?? '',
      modelfile: '',
      parameters: '',
      template: facts?.chatTemplate ?? '',
      system: '',
      details: detailsOf(model),
      model_info: infoOf(model, facts),
      capabilities: capabilitiesOf(facts, model),
      modified_at: new Date(model.addedAt).toISOString(),
      messages: [],
    });
  });
  // Many programs pull what they are about to use. What is in the library is there; getting more is the app's own affair.
  app.post('/api/pull', async (context) => {
    servedModel(await readBody(context, NamedModel), needs);
    return context.json({ status: 'success' });
  });
  for (const path of changes) {
    app.on(path === '/api/delete' ? 'DELETE' : 'POST', path, () => {
      const message = 'Models are added, copied and deleted in Rightsize itself.';
      throw new ApiError({ status: 400, code: 'unsupported', message });
    });
  }
}

/** It sees with the projector that lies beside it, which is loaded with the first picture. */
function capabilitiesOf(facts: Inspection | null, { projectorPath }: Artifact): readonly string[] {
  const template = facts?.chatTemplate ?? '';
  const pools = facts?.metadata.some(({ key, value }) => key.endsWith('.pooling_type') && value !== '0') === true;
  return [
    pools ? 'embedding' : 'completion',
    ...(/\btools\b/.test(template) ? ['tools'] : []),
    ...(/enable_thinking|<think>|\[THINK\]|\bthinking\b/.test(template) ? ['thinking'] : []),
    ...(projectorPath === null ? [] : ['vision']),
  ];
}

/** The header's facts by their names; long ones were cut, and lists are left out. */
function infoOf(model: Artifact, facts: Inspection | null): object {
  const told = (facts?.metadata ?? [])
    .filter(({ type }) => !type.includes('array'))
    .map(({ key, type, value }) => [key, /int|float/.test(type) && Number.isFinite(Number(value)) ? Number(value) : value]);
  return {
    ...(model.architecture === null ? {} : { 'general.architecture': model.architecture }),
    ...(model.parameters === null ? {} : { 'general.parameter_count': model.parameters }),
    ...Object.fromEntries(told),
  };
}

/** Where a loaded one lies and until when. */
function placeOf({ measured, contextTokens, unloadsAt }: LoadedModel, model: Artifact): object {
  return {
    size: measured?.totalBytes ?? model.sizeBytes,
    size_vram: measured?.gpuBytes ?? 0,
    expires_at: unloadsAt === null ? never : new Date(unloadsAt).toISOString(),
    ...(contextTokens === null ? {} : { context_length: contextTokens }),
  };
}

const detailsOf = ({ quant, architecture, parameters }: Artifact): object => ({
  parent_model: '',
  format: 'gguf',
  family: architecture ?? '',
  families: architecture === null ? [] : [architecture],
  parameter_size: parameters === null ? '' : formatParameters(parameters),
  quantization_level: quant ?? '',
});

const tagOf = (artifact: Artifact): object => ({
  name: artifact.id,
  model: artifact.id,
  modified_at: new Date(artifact.addedAt).toISOString(),
  size: artifact.sizeBytes,
  digest: artifact.sha256 ?? '',
  details: detailsOf(artifact),
});
