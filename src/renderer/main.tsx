// First: the theme of the last time is set before anything can be drawn.
import './theme.ts';
import './styles/index.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { isDesktop, openHostPipe } from './hostPipe.ts';
import { connectPage } from './stores/rpc.ts';

document.documentElement.dataset.host = isDesktop ? 'desktop' : 'serve';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(<App />);
  connectPage(openHostPipe);
}
