import { ArrowDownToLine, Cpu, HardDrive, Info, KeyRound, type LucideIcon, MessageSquare, Network, SlidersHorizontal } from 'lucide-react';

export interface SettingsSection {
  /** In the address: `#/settings/hub`. */
  readonly id: 'general' | 'models' | 'downloads' | 'hub' | 'engine' | 'endpoints' | 'chat' | 'about';
  readonly name: string;
  readonly icon: LucideIcon;
  /** What a search finds it by: the labels of its rows. */
  readonly words: string;
}

/** The sections of the settings from top to bottom; the palette goes to each. */
export const settingsSections: readonly SettingsSection[] = [
  {
    id: 'general',
    name: 'General',
    icon: SlidersHorizontal,
    words: 'appearance theme system light dark first run tray close window quick prompt shortcut key',
  },
  {
    id: 'models',
    name: 'Models and disk',
    icon: HardDrive,
    words: 'storage models folders add remove read again other apps ollama lm studio hugging face cache llama.cpp jan gpt4all docker',
  },
  {
    id: 'downloads',
    name: 'Downloads',
    icon: ArrowDownToLine,
    words: 'layout shared cache folder at the same time simultaneous connections per file verification sha-256 restart',
  },
  { id: 'hub', name: 'Hugging Face', icon: KeyRound, words: 'hub account access token hf_token mirror address endpoint proxy system none' },
  { id: 'engine', name: 'Engine', icon: Cpu, words: 'threads context gpu graphics unload keep memory minutes' },
  {
    id: 'endpoints',
    name: 'Endpoints',
    icon: Network,
    words: 'remote servers api key openai compatible vllm sglang llama-server ollama lm studio openrouter docker address models judge',
  },
  { id: 'chat', name: 'Chat', icon: MessageSquare, words: 'system prompt instructions show reasoning thinking answers' },
  { id: 'about', name: 'About', icon: Info, words: 'version engine node electron data folder logs license' },
];
