/**
 * What Prometheus and Grafana are given, made from the alarms and objectives in the code (libs/kernel/observability):
 * part of `node tools/charts/generate.js`.
 */
import { dashboardsOf, grafanaOf } from './dashboards.js';
import { yamlOf } from './yaml.js';

/** Where the platform is, until the chart puts an authority's own address in its place. */
export const PLATFORM = 'https://platform.example.vn';
const HEAD = '# Made by node tools/charts/generate.js from libs/kernel/observability.\n';

/** Path from the root → content. @returns {Promise<Record<string, string>>} */
export async function observabilityFiles() {
  const { OBJECTIVES, ruleGroups } = await import('@quan-so/observability');
  return {
    'charts/observability/files/rules.yaml': `${HEAD}${yamlOf({ groups: ruleGroups(PLATFORM) })}`,
    ...Object.fromEntries(dashboardsOf(OBJECTIVES).map((one) => [`charts/observability/files/dashboards/${one.name}.json`, `${JSON.stringify(grafanaOf(one), null, 2)}\n`])),
  };
}
