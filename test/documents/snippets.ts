export interface Snippet {
  language: 'ts' | 'tsx';
  code: string;
  /** What it declares for those who load it as a module. */
  names: string[];
}

const DECLARES = /^(?:async )?(?:function|const) (\w+)/gm;

/** The TypeScript of a document, each block as a module that exports what it declares. */
export function snippetsOf(markdown: string): Snippet[] {
  const blocks = markdown.matchAll(/^```(tsx?)\n(.*?)^```$/gms);
  return Array.from(blocks, ([, language, code = '']) => ({
    language: language === 'tsx' ? 'tsx' : 'ts',
    code: code.replaceAll(DECLARES, 'export $&'),
    names: Array.from(code.matchAll(DECLARES), ([, name = '']) => name),
  }));
}
