import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A server's certificate (two years, P-256) and the authority that signed it (ten years), made by openssl.
 * @param {string} folder for this call alone; the caller removes it
 * @param {string} name
 * @param {readonly string[]} names further ones it answers to
 * @param {{ certificate: string, key: string } | undefined} authority one that is there; else it is made
 * @returns {{ certificate: string, key: string, authority: { certificate: string, key: string } }}
 */
export function certificateOf(folder, name, names, authority) {
  const file = (/** @type {string} */ of) => join(folder, of);
  const read = (/** @type {string} */ of) => readFileSync(file(of), 'utf8');
  const openssl = (/** @type {string[]} */ ...args) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const curve = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  if (authority === undefined) {
    openssl('genpkey', ...curve, '-out', 'ca.key');
    openssl('req', '-x509', '-key', 'ca.key', '-days', '3650', '-subj', '/CN=Quan So Kafka', '-out', 'ca.crt', '-addext', 'basicConstraints=critical,CA:true,pathlen:0', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  } else {
    writeFileSync(file('ca.key'), authority.key, { mode: 0o600 });
    writeFileSync(file('ca.crt'), authority.certificate);
  }
  openssl('genpkey', ...curve, '-out', 'tls.key');
  writeFileSync(file('extensions'), `subjectAltName=${[name, ...names].map((one) => `DNS:${one}`).join(',')}\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=critical,CA:false\n`);
  openssl('req', '-new', '-key', 'tls.key', '-subj', `/CN=${name}`, '-out', 'tls.csr');
  openssl('x509', '-req', '-in', 'tls.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '730', '-extfile', 'extensions', '-out', 'tls.crt');
  return { certificate: read('tls.crt'), key: read('tls.key'), authority: { certificate: read('ca.crt'), key: read('ca.key') } };
}
