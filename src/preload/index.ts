import { contextBridge, ipcRenderer } from 'electron';

// The page gets these two functions and never the event, which would lead back to ipcRenderer.
contextBridge.exposeInMainWorld('rightsize', {
  send(frame: unknown): void {
    ipcRenderer.send('frame', frame);
  },
  onFrame(listener: (frame: unknown) => void): () => void {
    const relay = (_event: unknown, frame: unknown): void => listener(frame);
    ipcRenderer.on('frame', relay);
    return () => void ipcRenderer.off('frame', relay);
  },
});
