'use strict';
const { createPublicKey } = require('node:crypto');

/** The realm signs RS256 only; any other key type is refused here. */
module.exports = function jwkToPem(jwk) {
  if (jwk === null || typeof jwk !== 'object' || jwk.kty !== 'RSA') throw new TypeError('only RSA keys are accepted');
  return createPublicKey({ key: { kty: 'RSA', n: jwk.n, e: jwk.e }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
};
