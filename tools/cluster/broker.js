/** Kafka's own tools, inside the broker's pod. */
import { STORES } from './place.js';

const READY = '. /opt/kafka-start/settings';
const ASKED = `${READY}; umask 077; cat >"$work/asked.properties"; trust >>"$work/asked.properties"; tool=$1; shift; $java -Xmx128m $quick "org.apache.kafka.tools.$tool" --bootstrap-server "$KAFKA_HOST:$KAFKA_PORT" --command-config "$work/asked.properties" "$@" 2>&1 || :; rm -f "$work/asked.properties"`;

/**
 * What a tool says that signs in as this user; that it fails is no error here.
 * @param {import('./kube.js').Kube} kube @param {string} user @param {string} password @param {string} tool below org.apache.kafka.tools @param {readonly string[]} args
 */
export function askBroker(kube, user, password, tool, args) {
  const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";`;
  const input = ['security.protocol=SASL_SSL', 'sasl.mechanism=SCRAM-SHA-512', `sasl.jaas.config=${login}`, ''].join('\n');
  return kube.exec(STORES, 'kafka-0', ['sh', '-c', ASKED, 'sh', tool, ...args], { input });
}

/** The segments of a topic as they are on the disk. @param {import('./kube.js').Kube} kube @param {string} topic */
export async function logOf(kube, topic) {
  const dump = `${READY}; for file in /data/kafka/${topic}-*/*.log; do echo "== $file"; $java -Xmx96m $quick org.apache.kafka.tools.DumpLogSegments --deep-iteration --print-data-log --files "$file"; done`;
  const said = await kube.exec(STORES, 'kafka-0', ['sh', '-c', dump]);
  return said.split(/^== .*$/m).filter((text) => text.trim() !== '');
}
