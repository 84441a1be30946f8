import { displayName } from '../displayName.ts';

/** What people call a program, by the name of its file in lower case. */
const knownNames: Readonly<Record<string, string>> = {
  chrome: 'Google Chrome',
  'google-chrome': 'Google Chrome',
  chromium: 'Chromium',
  'chromium-browser': 'Chromium',
  'chrome-headless-shell': 'Chromium',
  firefox: 'Firefox',
  'firefox-bin': 'Firefox',
  'firefox-esr': 'Firefox',
  msedge: 'Microsoft Edge',
  msedgewebview2: 'Microsoft Edge WebView',
  brave: 'Brave',
  opera: 'Opera',
  'vivaldi-bin': 'Vivaldi',
  vivaldi: 'Vivaldi',
  'com.apple.webkit.webcontent': 'Safari',
  'com.apple.webkit.gpu': 'Safari',
  'com.apple.webkit.networking': 'Safari',
  code: 'Visual Studio Code',
  cursor: 'Cursor',
  idea: 'IntelliJ IDEA',
  pycharm: 'PyCharm',
  devenv: 'Visual Studio',
  slack: 'Slack',
  discord: 'Discord',
  teams: 'Microsoft Teams',
  'ms-teams': 'Microsoft Teams',
  zoom: 'Zoom',
  'telegram-desktop': 'Telegram',
  'signal-desktop': 'Signal',
  spotify: 'Spotify',
  steam: 'Steam',
  steamwebhelper: 'Steam',
  obs: 'OBS Studio',
  obs64: 'OBS Studio',
  'thunderbird-bin': 'Thunderbird',
  thunderbird: 'Thunderbird',
  outlook: 'Outlook',
  winword: 'Microsoft Word',
  excel: 'Microsoft Excel',
  powerpnt: 'Microsoft PowerPoint',
  'soffice.bin': 'LibreOffice',
  blender: 'Blender',
  ollama: 'Ollama',
  ollama_llama_server: 'Ollama',
  'lm-studio': 'LM Studio',
  'lm studio': 'LM Studio',
  'llama-server': 'llama-server',
  java: 'Java',
  javaw: 'Java',
  node: 'Node.js',
  electron: 'Electron',
  dotnet: '.NET',
  'qemu-system-x86_64': 'QEMU',
  virtualboxvm: 'VirtualBox',
  vmmem: 'WSL',
  vmmemwsl: 'WSL',
  'com.apple.virtualization.virtualmachine': 'Virtual machine',
};

/** Nobody closes these to make room: the desktop, its helpers, and services of the system. */
const systemNames =
  /^(?:systemd.*|\(sd-pam\)|init|dbus-.*|xorg|xwayland|x|gnome-(?:shell|session|keyring|software).*|gsd-.*|mutter.*|kwin.*|plasmashell|kded\d?|ksmserver|sway|hyprland|weston|pipewire.*|wireplumber|pulseaudio|networkmanager|wpa_supplicant|polkit.*|udisksd|upowerd|packagekitd|snapd.*|fwupd|gdm.*|sddm.*|lightdm.*|agetty|login|sshd.*|cron|crond|rsyslogd|containerd.*|dockerd|ibus.*|fcitx.*|xdg-.*|at-spi.*|gvfs.*|evolution-.*|tracker-.*|localsearch.*|baloo_file.*|nvidia-persistenced|irqbalance|thermald|accounts-daemon|avahi-daemon|cupsd|bluetoothd|modemmanager|colord|rtkit-daemon|multipathd|unattended-upgr.*|system|registry|memory compression|secure system|idle|msmpeng|nissrv|mpdefendercoreservice)$/;

/**
 * The name under which the processes of a program are shown together, such as `Google Chrome`.
 * @param program a path, or a name that the process chose; anything can stand in it
 * @param platform whose paths they are
 * @returns null for a part of the system, and where no name is left
 */
export function programName(
  program: string,
  { isPath, platform }: { readonly isPath: boolean; readonly platform: NodeJS.Platform },
): string | null {
  const file = fileName(program);
  const name = file.toLowerCase().replace(/\.exe$/, '');
  const known = Object.hasOwn(knownNames, name) ? knownNames[name] : undefined;
  if (known !== undefined) return known;
  if (systemNames.test(name) || (isPath && isOfSystem(program, platform))) return null;
  if (/^python[\d.]*w?$/.test(name)) return 'Python';
  // On macOS helpers lie inside the app that they are of, as apps of their own.
  const app = platform === 'darwin' && isPath ? /\/([^/\n]+)\.app\//.exec(program)?.[1] : undefined;
  return shown(app ?? file.replace(/\.exe$/i, ''));
}

/** Last part of a path of any system, without quotes. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part.trim() !== '') ?? '';
}

function isOfSystem(path: string, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') return /^[a-z]:\\windows\\/i.test(path);
  return platform === 'darwin' && /^\/(?:System\/(?:Library|Cryptexes\/OS)\/|usr\/(?!local\/)|s?bin\/)/.test(path);
}

function shown(name: string): string | null {
  const plain = displayName(name);
  return plain === '' ? null : plain;
}
