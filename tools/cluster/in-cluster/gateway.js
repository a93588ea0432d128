/**
 * Stands where a gateway stands: in front of all services, in a namespace of its own, by the rules of the HTTPRoutes. It
 * keeps connections, as gateways do, and sends nothing twice: a request that breaks is the caller's to see.
 * Runs with Node alone, in the cluster or beside whoever looks at it (`tour.js`); ROUTES is a list of [prefix, host, port].
 */
import { Agent, createServer, request } from 'node:http';

const routes = JSON.parse(process.env.ROUTES ?? '[]').sort((/** @type {[string]} */ [a], /** @type {[string]} */ [b]) => b.length - a.length);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
/** A connection that was refused carried nothing; the next one reaches another pod. */
const TRIES = 20;
const AGAIN_MS = 50;

const server = createServer((incoming, outgoing) => {
  const path = incoming.url ?? '/';
  if (path === '/gateway') return void outgoing.end('ok');
  const route = routes.find((/** @type {[string]} */ [prefix]) => path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}?`));
  if (route === undefined) return void outgoing.writeHead(404).end();
  /** @type {Buffer[]} */
  const pieces = [];
  incoming.on('data', (piece) => pieces.push(piece)).on('end', () => pass(incoming, outgoing, route, Buffer.concat(pieces), 1));
});

/**
 * @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} outgoing
 * @param {[string, string, number]} route @param {Buffer} body @param {number} times
 */
function pass(incoming, outgoing, route, body, times) {
  const [, host, port] = route;
  const { connection: _, ...headers } = incoming.headers;
  const asked = request({ agent, host, port, method: incoming.method, path: incoming.url, headers: { ...headers, 'content-length': String(body.length) } }, (answer) => {
    const { connection: __, 'keep-alive': ___, 'transfer-encoding': ____, ...said } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, said);
    answer.pipe(outgoing);
  });
  asked.on('error', (error) => {
    const { code = error.name } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ECONNREFUSED' && times < TRIES) return void setTimeout(() => pass(incoming, outgoing, route, body, times + 1), AGAIN_MS);
    if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'application/json', 'x-broke': asked.reusedSocket ? `${code}-kept` : code });
    outgoing.end(JSON.stringify({ code: `GATEWAY_${code}` }));
  });
  asked.end(body);
}

server.keepAliveTimeout = 600_000;
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '0.0.0.0');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
