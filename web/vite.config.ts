import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

/**
 * Production: `vite build web` writes web/dist, which the api serves on its own origin.
 * Development: `vite web` on port 5173 hands what the api answers to a running api (API_URL, default port 4000).
 */
export default defineConfig(({ mode }) => {
  const { API_URL: target = 'http://127.0.0.1:4000' } = loadEnv(mode, import.meta.dirname, 'API_');
  return {
    root: import.meta.dirname,
    plugins: [react(), tailwind()],
    build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', sourcemap: true },
    server: { port: 5173, proxy: { '/v1': target, '/demo': target, '/readyz': target } },
  };
});
