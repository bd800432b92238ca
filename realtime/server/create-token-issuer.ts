import { SignJWT } from 'jose';

export interface TokenIssuerOptions {
  /** `client.token.hmac_secret_key` of Centrifugo. */
  hmacSecret: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined;
}

export interface IssuedToken {
  token: string;
  /** ISO 8601, UTC. */
  expiresAt: string;
}

export interface TokenIssuer {
  /** Lets a user connect. @example await tokens.connectionToken({ userId: 'ann' }) */
  connectionToken(grant: {
    userId: string;
    expiresInSeconds?: number | undefined;
  }): Promise<IssuedToken>;

  /**
   * Lets a user subscribe to one channel. The subscription lives as long as its token and the client
   * renews both, so who may not renew is out after that time. Check the right to hear before signing.
   *
   * @example
   * await tokens.subscriptionToken({ userId: 'ann', channel: 'chat:ann' })
   */
  subscriptionToken(grant: {
    userId: string;
    channel: string;
    expiresInSeconds?: number | undefined;
  }): Promise<IssuedToken>;
}

/**
 * Signs Centrifugo's tokens (HS256): connections for ten minutes, subscriptions for thirty seconds,
 * unless said otherwise.
 *
 * @example
 * const tokens = createTokenIssuer({ hmacSecret });
 * const { token, expiresAt } = await tokens.connectionToken({ userId: 'ann' });
 */
export function createTokenIssuer({ hmacSecret, now = Date.now }: TokenIssuerOptions): TokenIssuer {
  if (hmacSecret === '') throw new TypeError('hmacSecret must not be empty');
  const key = new TextEncoder().encode(hmacSecret);

  // No `nbf` and no `iat`: Centrifugo takes a token from the future for an expired one, and a client whose
  // token server's clock is a second ahead would ask for new ones in a loop.
  const sign = async (
    claims: { sub: string; channel?: string },
    expiresInSeconds: number,
  ): Promise<IssuedToken> => {
    const exp = Math.floor(now() / 1000) + expiresInSeconds;
    // `expire_at` is the life of the subscription, `exp` that of the token.
    const life = claims.channel === undefined ? { exp } : { exp, expire_at: exp };
    const token = await new SignJWT({ ...claims, ...life })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(key);
    return { token, expiresAt: new Date(exp * 1000).toISOString() };
  };

  return {
    connectionToken: ({ userId, expiresInSeconds = 600 }) =>
      sign({ sub: userId }, expiresInSeconds),
    subscriptionToken: ({ userId, channel, expiresInSeconds = 30 }) =>
      sign({ sub: userId, channel }, expiresInSeconds),
  };
}
