/** The lines of a source that spell a channel name, which only realtime/contract/channels.ts may do. */
export function spelledChannels(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /(['"`])(conversation|chat):/.test(withoutComment(line)));
}

/** The lines that ask Centrifugo for more than where a channel stands: all that api/position.ts may do. */
export function askingForMore(text: string): string[] {
  return text.split('\n').filter((line) => /\bcentrifugo\.(?!(history|close)\()/.test(line));
}

/** The lines that switch a check off without saying why after ` -- ` (or, for TypeScript's own, after the word). */
export function unexplainedExceptions(text: string): string[] {
  const lint = /(oxlint|eslint)-disable(?!.* -- \S+ \S+)/;
  const types = /@ts-(expect-error|ignore|nocheck)(?! \S+ \S+)/;
  return text.split('\n').filter((line) => lint.test(line) || types.test(line));
}

function withoutComment(line: string): string {
  return line.replace(/^\s*([*]|\/[*/]).*$/, '').replace(/\s\/\/ .*$/, '');
}
