import { METRICS, ALERTS, metricsIn, OBJECTIVES, ruleGroups } from './index.js';

const rules = ruleGroups('https://quan.example.vn').flatMap((group) => group.rules);
const recorded = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []));
const known = METRICS as Readonly<Record<string, { readonly labels: readonly string[] }>>;

describe('rules', () => {
  it.each(rules.map((rule) => ['record' in rule ? `${rule.record} ${rule.labels?.['slo'] ?? ''}` : rule.alert, rule.expr]))('%s asks only for what is measured and for labels it has', (_, expr) => {
    for (const { name, labels } of metricsIn(expr)) {
      expect(Object.keys(known)).toContain(name);
      expect(known[name]?.labels).toEqual(expect.arrayContaining([...labels]));
    }
    for (const [name] of expr.matchAll(/quanso:[a-z0-9_:]+/g)) expect(recorded).toContain(name);
  });

  it('speak of promises in words and of their windows', () => {
    expect(OBJECTIVES.map(({ name, target }) => [name, target])).toEqual([['commands', 0.999], ['visible', 0.95], ['parked', 0.99]]);
    // 30 days' budget: 14.4 × 0.1 % is 1.44 %, 6 × 5 % is 30 %.
    const exprOf = (name: string): string => ALERTS.find((alert) => alert.name === name)?.expr ?? '';
    expect(exprOf('QuanSoCommandsFailFast')).toContain('quanso:slo_errors:ratio_1h{slo="commands"} > 0.0144 and quanso:slo_errors:ratio_5m{slo="commands"} > 0.0144');
    expect(exprOf('QuanSoChangesLateFast')).toContain('quanso:slo_errors:ratio_6h{slo="visible"} > 0.3 and quanso:slo_errors:ratio_30m{slo="visible"} > 0.3');
    expect(exprOf('QuanSoParkedOverdueSlow')).toContain('quanso:slo_errors:ratio_3d{slo="parked"} > 0.01 and quanso:slo_errors:ratio_6h{slo="parked"} > 0.01');
  });
});

describe('alarms', () => {
  it('have each a name of their own, and a page that whoever is woken can follow', () => {
    expect(new Set(ALERTS.map(({ name }) => name)).size).toBe(ALERTS.length);
    for (const { name, look, act, title, means, notice, over } of ALERTS) {
      expect(name).toMatch(/^QuanSo[A-Z][A-Za-z]+$/);
      expect(Math.min(look.length, act.length)).toBeGreaterThanOrEqual(1);
      for (const { vi, en } of [title, means, notice, over, ...look, ...act]) expect(Math.min(vi.length, en.length)).toBeGreaterThan(5);
    }
  });

  it('name no runbook that is not there', () => {
    const text = JSON.stringify(ALERTS.flatMap(({ look, act, means }) => [...look, ...act, means]));
    for (const [name] of text.matchAll(/QuanSo[A-Z][A-Za-z]+/g)) expect(ALERTS.map((alert) => alert.name)).toContain(name);
  });

  it('tell without their page what to look at and what to do, whatever is down', () => {
    for (const { name, look, act } of ALERTS) {
      const [rule] = rules.filter((one) => 'alert' in one && one.alert === name);
      const { steps_vi: vi, steps_en: en } = (rule as { annotations: Record<string, string> }).annotations;
      for (const step of [...look, ...act]) expect([vi, en]).toEqual([expect.stringContaining(step.vi), expect.stringContaining(step.en)]);
    }
  });

  it('lead to their page', () => {
    const [rule] = rules.filter((one) => 'alert' in one && one.alert === 'QuanSoParkedTooLong');
    expect(rule).toMatchObject({ labels: { severity: 'page' }, annotations: { runbook_url: 'https://quan.example.vn/runbooks/QuanSoParkedTooLong', summary: '{{ $labels.service }}: Thông điệp đỗ quá một giờ làm việc' } });
  });
});
