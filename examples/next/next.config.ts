import type { NextConfig } from 'next';

const config: NextConfig = {
  // A project of its own, though it lies in another one.
  turbopack: { root: import.meta.dirname },
};

export default config;
