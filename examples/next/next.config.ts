import type { NextConfig } from 'next';

const config: NextConfig = {
  // A project of its own, though it lies in another one.
  turbopack: { root: import.meta.dirname },
  // A browser may ask for it before it has read which icon the page has.
  rewrites: async () => [{ source: '/favicon.ico', destination: '/icon.svg' }],
};

export default config;
