const allowedNames = new Set([
  // Where programs, libraries and temporary files are.
  'PATH',
  'PATHEXT',
  'HOME',
  'USERPROFILE',
  'TMPDIR',
  'TMP',
  'TEMP',
  'SYSTEMROOT',
  'WINDIR',
  'SYSTEMDRIVE',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'DYLD_FALLBACK_LIBRARY_PATH',
  'PROGRAMFILES',
  'PROGRAMDATA',
  'LOCALAPPDATA',
  'APPDATA',
  // Language and time zone: some chat templates print the date.
  'LANG',
  'LANGUAGE',
  'TZ',
  // Which GPU the loaders may use.
  'XDG_RUNTIME_DIR',
  'VULKAN_SDK',
  'MESA_VK_DEVICE_SELECT',
  'NVIDIA_VISIBLE_DEVICES',
  'NVIDIA_DRIVER_CAPABILITIES',
  'HIP_VISIBLE_DEVICES',
  'ROCR_VISIBLE_DEVICES',
  // A test coverage run follows its child processes by this one.
  'NODE_V8_COVERAGE',
]);
const allowedPrefixes = ['LC_', 'CUDA_', 'GGML_', 'VK_', 'METAL_'];

/**
 * The environment of a runner: an allow-list, so that no token, password or proxy reaches the process
 * that parses foreign files.
 * @param environment the host's own, as in `process.env`.
 */
export function runnerEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (allowedNames.has(upper) || allowedPrefixes.some((prefix) => upper.startsWith(prefix))))
      allowed[name] = value;
  }
  return allowed;
}
