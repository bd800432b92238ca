export * from './channels.ts';
export * from './events.ts';
export * from './primitives.ts';
export * from './rest.ts';
