/**
 * An OpenTelemetry collector of our own with the parts that charts/infrastructure configures, built from the Go module proxy
 * into the cache: what the chart renders is read by the program it is meant for.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, once, prune } from '../real/cache.js';
import { go, needGo } from '../charts/tools.js';

/** The one that the operator of charts/infrastructure runs. */
const VERSION = 'v0.140.0';
const STABLE = 'v1.46.0';
/** Contrib left out 0.140.0 for some of its modules. */
const CONTRIB_VERSION = 'v0.140.1';
const CORE = 'go.opentelemetry.io/collector';
const CONTRIB = 'github.com/open-telemetry/opentelemetry-collector-contrib';

const PARTS = {
  receivers: [`${CORE}/receiver/otlpreceiver`],
  processors: [`${CORE}/processor/batchprocessor`, `${CORE}/processor/memorylimiterprocessor`],
  exporters: [`${CORE}/exporter/otlphttpexporter`, `${CORE}/exporter/debugexporter`, `${CONTRIB}/exporter/prometheusexporter`],
};

/** Path of the program. @returns {Promise<string>} */
export async function collector() {
  const folder = await once(`collector-${VERSION}-${digest(PARTS, STABLE)}`, async (draft) => {
    needGo();
    console.error(`Đang dịch collector ${VERSION} (một lần cho mỗi máy) / building it (once per machine)…`);
    writeFileSync(join(draft, 'builder.yaml'), JSON.stringify(recipe(draft)));
    await go(['run', `${CORE}/cmd/builder@${VERSION}`, '--config', join(draft, 'builder.yaml')], draft);
  });
  prune('collector-v', 2);
  return join(folder, 'collector');
}

/** JSON is YAML too. @param {string} draft */
function recipe(draft) {
  const of = (/** @type {readonly string[]} */ modules) => modules.map((module) => ({ gomod: `${module} ${module.startsWith(CONTRIB) ? CONTRIB_VERSION : VERSION}` }));
  return {
    dist: { name: 'collector', output_path: draft, module: 'quan-so.local/collector', version: VERSION.slice(1) },
    ...Object.fromEntries(Object.entries(PARTS).map(([kind, modules]) => [kind, of(modules)])),
    providers: ['env', 'file', 'yaml'].map((name) => ({ gomod: `${CORE}/confmap/provider/${name}provider ${STABLE}` })),
  };
}

