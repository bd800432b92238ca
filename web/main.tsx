import './style.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { createDemoApi } from './api.ts';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has lost its #app');

createRoot(root).render(
  <StrictMode>
    <App demo={createDemoApi()} storage={sessionStorage} sharedStorage={localStorage} />
  </StrictMode>,
);
