/** JSON text that is put into the request as it is. Made by {@link rawJson}. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    if (typeof text !== 'string' || text.trim() === '') {
      throw new TypeError('rawJson needs the text of one JSON value');
    }
    this.text = text;
  }
}

/**
 * Marks text as JSON that is already serialised: it is neither parsed nor checked, only copied into the
 * request. It must be exactly one JSON value from a source that escapes (`JSON.stringify`, Postgres'
 * `to_json`): broken text makes Centrifugo refuse the whole batch, and foreign text could forge commands.
 *
 * @example
 * await centrifugo.publish({ channel, data: rawJson(row.payload) });
 */
export function rawJson(text: string): RawJson {
  return new RawJson(text);
}
