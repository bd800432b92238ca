import fc from 'fast-check';

/** As much of JSON Schema as the document of the API uses. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
};

/** Values that a schema allows. `resolve` follows a reference; `named` may have better ones for a reference. */
export function arbitraryOf(
  schema: Schema,
  how: {
    resolve: (ref: string) => Schema;
    named: (ref: string) => fc.Arbitrary<unknown> | undefined;
  },
): fc.Arbitrary<unknown> {
  const of = (inner: Schema): fc.Arbitrary<unknown> => arbitraryOf(inner, how);
  if (schema.$ref !== undefined) return how.named(schema.$ref) ?? of(how.resolve(schema.$ref));
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return fc.oneof(...choices.map(of));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return fc.integer({
        min: schema.minimum ?? (schema.exclusiveMinimum ?? -1) + 1,
        max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(of(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      });
    case 'object':
      return schema.properties ? record(schema, of) : fc.dictionary(fc.string(), fc.jsonValue());
    default:
      return fc.jsonValue();
  }
}

function record(
  { properties = {}, required = [] }: Schema,
  of: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, of(schema)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function text({ format, pattern, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') {
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  }
  const unit = fc.constantFrom('grapheme', 'grapheme-ascii', 'binary');
  const free = unit.chain((kind) =>
    fc.string({ minLength, maxLength: Math.min(maxLength, 80), unit: kind as 'grapheme' }),
  );
  // Patterns of the document are not all in the dialect that can be turned round.
  return pattern === undefined ? free : fc.oneof(fc.stringMatching(/^[A-Za-z0-9]{1,24}$/), free);
}
