import * as z from 'zod';
import { ArtifactId } from './models.ts';

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  firstRunDone: z.boolean().default(false),
  /** Null = cores minus one. */
  threads: z.number().int().min(1).max(1024).nullable().default(null),
  /** Null = what the model was trained for, at most 8,192. */
  contextTokens: z.number().int().min(128).max(16_777_216).nullable().default(null),
  gpu: z.enum(['auto', 'off']).default('auto'),
  /** Minutes without use after which a model is unloaded; 0 = never. */
  keepAliveMinutes: z.number().min(0).max(1440).default(15),
  systemPrompt: z.string().max(20_000).default(''),
  lastModelId: ArtifactId.nullable().default(null),
});
export type Settings = z.infer<typeof Settings>;
/** What a change may name: any part of the settings, without defaults filled in. */
export const SettingsPatch = z.object({
  theme: Settings.shape.theme.unwrap().optional(),
  firstRunDone: Settings.shape.firstRunDone.unwrap().optional(),
  threads: Settings.shape.threads.unwrap().optional(),
  contextTokens: Settings.shape.contextTokens.unwrap().optional(),
  gpu: Settings.shape.gpu.unwrap().optional(),
  keepAliveMinutes: Settings.shape.keepAliveMinutes.unwrap().optional(),
  systemPrompt: Settings.shape.systemPrompt.unwrap().optional(),
  lastModelId: Settings.shape.lastModelId.unwrap().optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;
