export interface UseCentrifugoOptions {
  /** Centrifugo's WebSocket; else `NEXT_PUBLIC_CENTRIFUGO_URL`, else what the provider's token answer says. */
  url?: string | undefined;
  /**
   * A connection token. Given as undefined, the hook waits for it; left out, `getToken` or the provider
   * gives one. A new one for the same user is used at the next renewal and does not drop the socket.
   */
  token?: string | undefined;
  /** Gives connection tokens. Throw `UnauthorizedError` to end the connection. */
  getToken?: (() => Promise<string>) | undefined;
  /** Gives the token of a channel. Throw `UnauthorizedError` to end the subscription. */
  getSubscriptionToken?: ((channel: string) => Promise<string>) | undefined;
  /**
   * Messages were missed for good: load again. Below a provider its promise is awaited before messages
   * go on, and a rejected one is called again. Not called for the first subscription: load at `subscribed`.
   */
  onLoss?: (() => void | Promise<void>) | undefined;
}
