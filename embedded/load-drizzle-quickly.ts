import { registerHooks } from 'node:module';

// To learn that a file is a module, Node reads the package.json above it, for each of drizzle's hundred files anew, and
// that one is 180 KB long: a second for each process. All of drizzle's own imports are modules; saying so takes a tenth
// of that. Give it to node as `--import`.
registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const { parentURL } = context;
    return specifier.startsWith('.') && parentURL?.includes('/node_modules/drizzle-orm/')
      ? { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
      : nextResolve(specifier, context);
  },
});
