/**
 * Wraps the built preload for a page: it runs before the page's own scripts, in a function of its own, with a `require` that knows
 * `electron` and nothing else, as in a sandboxed preload.
 */
export function preloadScript(source: string): string {
  return `(() => {
  if (window.top !== window || !location.host.endsWith('.app.localhost')) return;
  const listeners = new Map();
  const ipcRenderer = {
    send: (channel, ...args) => void window.__doubleSend(channel, structuredClone(args)),
    on: (channel, listener) => void (listeners.get(channel) ?? listeners.set(channel, new Set()).get(channel)).add(listener),
    off: (channel, listener) => void listeners.get(channel)?.delete(listener),
  };
  Object.defineProperty(window, '__doubleDeliver', { value: (messages) => {
    for (const [channel, args] of messages) for (const listener of [...(listeners.get(channel) ?? [])]) listener({ sender: ipcRenderer }, ...args);
  } });
  const contextBridge = { exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: Object.freeze({ ...api }), enumerable: true }) };
  const require = (name) => {
    if (name !== 'electron') throw new Error('module not found: ' + name);
    return { contextBridge, ipcRenderer };
  };
  const module = { exports: {} };
  ((module, exports) => {
${source}
  })(module, module.exports);
})();`;
}
