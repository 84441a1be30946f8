import * as z from 'zod';
import { AppName, ArtifactId } from './models.ts';
import { ServerSettings } from './server.ts';

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
  /** A mirror of the hub: requests go there, the token never does. Null = HF_ENDPOINT, or huggingface.co. */
  hubMirror: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .nullable()
    .default(null),
  /** `system`: what the system or HTTPS_PROXY says. */
  proxy: z.enum(['system', 'none', 'custom']).default('system'),
  proxyUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .nullable()
    .default(null),
  /** Where downloads go: the cache that the hub's own tools and llama.cpp share, or plain `publisher/repo/file`. */
  downloadLayout: z.enum(['hub-cache', 'folder']).default('hub-cache'),
  /** For `folder`; null = `models` in the data folder. */
  downloadFolder: z.string().max(4096).nullable().default(null),
  /** Connections a file at most. Few at first, more while it pays. */
  downloadConnections: z.number().int().min(1).max(16).default(8),
  /** Downloads at the same time. */
  simultaneousDownloads: z.number().int().min(1).max(8).default(2),
  /** Other apps whose models are not listed. */
  ignoredApps: z.array(AppName).max(20).default([]),
  /** The local API, set on the Server page. */
  server: ServerSettings.prefault({}),
  /** Whether what models thought is unfolded; false = folded once an answer begins. */
  showReasoning: z.boolean().default(false),
  /** Desktop: closing the window leaves the app in the tray. */
  closeToTray: z.boolean().default(false),
  /** Desktop: opens the quick prompt from anywhere, in Electron's words; null = none. */
  quickPromptShortcut: z.string().max(60).nullable().default('CommandOrControl+Shift+Space'),
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
  hubMirror: Settings.shape.hubMirror.unwrap().optional(),
  proxy: Settings.shape.proxy.unwrap().optional(),
  proxyUrl: Settings.shape.proxyUrl.unwrap().optional(),
  downloadLayout: Settings.shape.downloadLayout.unwrap().optional(),
  downloadConnections: Settings.shape.downloadConnections.unwrap().optional(),
  simultaneousDownloads: Settings.shape.simultaneousDownloads.unwrap().optional(),
  ignoredApps: Settings.shape.ignoredApps.unwrap().optional(),
  showReasoning: Settings.shape.showReasoning.unwrap().optional(),
  closeToTray: Settings.shape.closeToTray.unwrap().optional(),
  quickPromptShortcut: Settings.shape.quickPromptShortcut.unwrap().optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;
