import { Metadata } from '@rov/realtime';
import * as z from 'zod';

export type Json = { [key: string]: unknown };

export type Schemas = {
  /** By the `id` that a schema has in the contract. */
  components: Record<string, Json>;
  /** The JSON Schema of what is sent, a reference if it has an id; its components are kept. */
  of: (schema: z.ZodType) => Json;
};

/** The dialect of OpenAPI 3.1, and that of AsyncAPI 3, where nothing may stand beside a reference. */
export type Dialect = 'draft-2020-12' | 'draft-07';

/** Collects zod's schemas as a document has them. */
export function createSchemas(target: Dialect = 'draft-2020-12'): Schemas {
  const components: Record<string, Json> = {};

  function of(schema: z.ZodType): Json {
    const { $schema: _, $defs, definitions, ...root } = z.toJSONSchema(schema, { ...FORM, target });
    return pointing(
      root,
      z.record(z.string(), z.looseObject({})).parse($defs ?? definitions ?? {}),
    );
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
    const id = ref.replace(/^#\/(\$defs|definitions)\//, '');
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
