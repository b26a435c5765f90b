import { startWindow } from './app/start';

const root = document.getElementById('root');
if (root !== null) startWindow(root, window.reclight);
