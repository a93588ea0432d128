import { metricsIn, METRICS, OBJECTIVES, ruleGroups } from '@quan-so/observability';
import { dashboardsOf, grafanaOf } from './dashboards.js';
import { yamlOf } from './yaml.js';

const dashboards = dashboardsOf(OBJECTIVES);
const shown = dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(([expr]) => expr)));
const rules = ruleGroups('x').flatMap((group) => group.rules);

describe('dashboards', () => {
  it.each(shown)('ask only for what is measured and recorded, by labels it has: %s', (expr) => {
    const asked = metricsIn(expr);
    for (const { name, labels } of asked) {
      expect(Object.keys(METRICS)).toContain(name);
      expect(METRICS[name].labels).toEqual(expect.arrayContaining([...labels]));
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list.split(', ')).filter((label) => label !== 'le');
      expect(METRICS[name].labels).toEqual(expect.arrayContaining(grouped));
    }
    for (const [name] of expr.matchAll(/quanso:[a-z0-9_:]+/g)) expect(rules.map((rule) => rule.record)).toContain(name);
    expect(asked.length + [...expr.matchAll(/quanso:/g)].length).toBeGreaterThan(0);
  });

  it('and rules leave out nothing that is measured', () => {
    const used = new Set([...shown, ...rules.map(({ expr }) => expr)].flatMap(metricsIn).map(({ name }) => name));
    expect([...used].toSorted()).toEqual(Object.keys(METRICS).toSorted());
  });

  it('say in their legends labels that are there', () => {
    for (const { panels } of dashboards) for (const { targets } of panels) for (const [expr, legend] of targets) {
      const kept = expr.startsWith('topk') || /by \(/.test(expr) ? [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list.split(', ')) : ['service', 'slo'];
      for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(kept).toContain(label);
    }
  });

  it('stand beside each other without overlap, each under a name of its own', () => {
    expect(new Set(dashboards.map(({ name }) => name)).size).toBe(dashboards.length);
    for (const one of dashboards) expect(new Set(grafanaOf(one).panels.map(({ gridPos: { x, y } }) => `${x},${y}`)).size).toBe(one.panels.length);
  });
});

it('YAML is written so that it reads back', () => {
  expect(yamlOf({ groups: [{ name: 'a', rules: [{ expr: 'x{a="b"} > 1', labels: { s: 'ô "' } }, { n: 1 }] }] })).toBe(
    'groups:\n  - name: "a"\n    rules:\n      - expr: "x{a=\\"b\\"} > 1"\n        labels:\n          s: "ô \\""\n      - n: 1\n',
  );
});
