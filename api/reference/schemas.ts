import { Metadata } from '@rov/realtime';
import * as z from 'zod';

export type Json = { [key: string]: unknown };

export type Schemas = {
  /** By the `id` that a schema has in the contract. */
  components: Record<string, Json>;
  /** The JSON Schema of what is sent, a reference if it has an id; its components are kept. */
  of: (schema: z.ZodType) => Json;
};

/** Collects zod's schemas as OpenAPI 3.1 has them, which is JSON Schema 2020-12. */
export function createSchemas(): Schemas {
  const components: Record<string, Json> = {};

  function of(schema: z.ZodType): Json {
    const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(schema, FORM);
    return pointing(root, $defs);
  }

  /** The same with references to components, which are kept, instead of to definitions. */
  function pointing(schema: object, definitions: Record<string, object>): Json {
    const within = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(within);
      return typeof value === 'object' && value !== null ? pointing(value, definitions) : value;
    };
    return Object.fromEntries(
      Object.entries(schema).map(([key, value]) => [
        key,
        key === '$ref' ? refer(String(value), definitions) : within(value),
      ]),
    );
  }

  function refer(ref: string, definitions: Record<string, object>): string {
    const id = ref.replace('#/$defs/', '');
    const definition = definitions[id];
    if (definition === undefined) throw new Error(`${ref} leads nowhere`);
    keep(id, pointing(definition, definitions));
    return `#/components/schemas/${id}`;
  }

  function keep(id: string, schema: Json): void {
    const before = components[id];
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema)) {
      throw new Error(`two schemas are called ${id}`);
    }
    components[id] = schema;
  }

  return { components, of };
}

/**
 * As they are sent, and so without a word against further fields where the contract has none: answers may
 * grow, and clients ignore what they do not know.
 */
const FORM = {
  io: 'input',
  override: ({ zodSchema, jsonSchema }) => {
    // Their patterns say nothing that the name of the format does not, at great length.
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    // Any JSON: its definition, which refers to itself, would tell nobody more.
    if (zodSchema === Metadata) {
      delete jsonSchema.propertyNames;
      jsonSchema.additionalProperties = true;
    }
  },
} satisfies Parameters<typeof z.toJSONSchema>[1];
