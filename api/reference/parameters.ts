import * as z from 'zod';

import type { Shapes } from '../handle.ts';
import type { Json, Schemas } from './schemas.ts';

/** The parameters of a path and of a query, from the shapes that the route reads them with. */
export function parametersOf(shapes: Shapes<unknown, unknown, unknown>, schemas: Schemas): Json[] {
  return [
    ...fieldsOf(shapes.path).map(([name, field]) => pathParameter(name, schemas.of(field))),
    ...fieldsOf(shapes.query).map(([name, field]) => queryParameter(name, field, schemas)),
  ];
}

function fieldsOf(shape: z.ZodType): [string, z.ZodType][] {
  if (!(shape instanceof z.ZodObject)) return [];
  return Object.entries(shape.shape).flatMap(([name, field]) =>
    field instanceof z.ZodType ? [[name, field]] : [],
  );
}

function pathParameter(name: string, { description, ...schema }: Json): Json {
  return {
    name,
    in: 'path',
    required: true,
    ...(description !== undefined && { description }),
    schema,
  };
}

function queryParameter(name: string, field: z.ZodType, schemas: Schemas): Json {
  const list = listOf(field);
  const { description, ...schema } = schemas.of(list ?? field);
  return {
    name,
    in: 'query',
    required: !field.safeParse(undefined).success,
    ...(description !== undefined && { description }),
    // A list is one value with commas in between.
    ...(list && { style: 'form', explode: false }),
    schema,
  };
}

/** What a text is split into, if it is a list that is written with commas. */
function listOf(field: z.ZodType): z.ZodType | undefined {
  if (!(field instanceof z.ZodPipe) || !(field.out instanceof z.ZodArray)) return undefined;
  return field.out.describe(field.description ?? '');
}
