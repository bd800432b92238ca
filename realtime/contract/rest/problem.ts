import * as z from 'zod';

/** RFC 9457, with a stable `code`. */
export const Problem = z
  .object({
    type: z.string().describe('A URI that stands for the code'),
    title: z.string().describe('The code in words, the same every time'),
    status: z.int(),
    detail: z.string().optional().describe('A sentence about this occurrence'),
    instance: z.string().describe('The path that was asked for'),
    code: z.string().describe('Stable: what a program may decide on'),
    requestId: z
      .string()
      .describe('The same as in `X-Request-Id`; name it when you report a fault'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('What is wrong with the request, field by field; at most 20'),
  })
  .meta({ id: 'Problem', description: 'An error after RFC 9457, with a stable `code`' });
export type Problem = z.infer<typeof Problem>;
