/** Keeps the last lines of a stream of text, so that an error can quote them. */
export function lastLines(limit: number): {
  push: (text: string) => void;
  text: () => string;
} {
  let kept = '';
  return {
    push: (text) => {
      const lines = (kept + text).split('\n');
      kept = lines.slice(-limit).join('\n');
    },
    text: () => kept,
  };
}
