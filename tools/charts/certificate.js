import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ certificate: string, key: string }} Pair PEM */

const CURVE = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** @param {string} folder @param {string[]} args */
function openssl(folder, ...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** An authority for ten years (P-256), with a name of its own: two of them are told apart while one follows the other. @param {string} folder for this call alone; the caller removes it @returns {Pair} */
export function authorityOf(folder) {
  openssl(folder, 'genpkey', ...CURVE, '-out', 'ca.key');
  openssl(folder, 'req', '-x509', '-key', 'ca.key', '-days', '3650', '-subj', `/CN=Quan So Kafka ${randomBytes(4).toString('hex')}`, '-out', 'ca.crt', '-addext', 'basicConstraints=critical,CA:true,pathlen:0', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  return pair(folder, 'ca');
}

/**
 * A certificate of the broker (two years, P-256) with every name it is called by.
 * @param {string} folder for this call alone; the caller removes it
 * @param {string} namespace of the broker
 * @param {Pair} authority
 * @returns {Pair}
 */
export function certificateOf(folder, namespace, authority) {
  const name = `kafka.${namespace}`;
  const names = [name, 'kafka', `${name}.svc`, `${name}.svc.cluster.local`, 'localhost'].map((one) => `DNS:${one}`);
  writeFileSync(join(folder, 'ca.key'), authority.key, { mode: 0o600 });
  writeFileSync(join(folder, 'ca.crt'), authority.certificate);
  writeFileSync(join(folder, 'extensions'), `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=critical,CA:false\nauthorityKeyIdentifier=keyid\n`);
  openssl(folder, 'genpkey', ...CURVE, '-out', 'tls.key');
  openssl(folder, 'req', '-new', '-key', 'tls.key', '-subj', `/CN=${name}`, '-out', 'tls.csr');
  openssl(folder, 'x509', '-req', '-in', 'tls.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '730', '-extfile', 'extensions', '-out', 'tls.crt');
  return pair(folder, 'tls');
}

/** @param {string} folder @param {string} name @returns {Pair} */
function pair(folder, name) {
  const read = (/** @type {string} */ file) => readFileSync(join(folder, file), 'utf8');
  return { certificate: read(`${name}.crt`), key: read(`${name}.key`) };
}
