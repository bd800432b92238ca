import { readConfig } from '../api/config.ts';
import { startApi } from '../api/start.ts';
import { run } from '../core/lifecycle.ts';
import { demoLogin, userTokenSigner } from './demo-login.ts';
import { DEMO_PEOPLE } from './demo-people.ts';

// The api as `npm start` runs it: with a login for everybody. Where an identity provider signs the tokens there is
// nothing that a demo login could sign with, so there is none.
await run(async () => {
  const config = readConfig();
  const { key, issuer, audience } = config.auth;
  if (key.kind !== 'secret') return startApi(config);
  const signUserToken = userTokenSigner({ secret: key.secret, issuer, audience });
  return startApi(config, { mount: demoLogin({ people: DEMO_PEOPLE, signUserToken }) });
});
