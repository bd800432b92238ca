import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./core/db/schema.ts', './core/db/delivery-schema.ts'],
  out: './migrations/sql',
});
