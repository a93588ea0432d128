import { type Text } from '@quan-so/contract';
import { type Alert } from './alert.js';
import { groundAlerts } from './alerts-ground.js';
import { messageAlerts } from './alerts-messages.js';
import { requestAlerts } from './alerts-requests.js';
import { METRICS, type MetricName } from './metric-names.js';
import { OBJECTIVES, PARKED_OVERDUE, recordOf, sloAlerts, WINDOWS } from './slo.js';

/** Every alarm, those of promises first. */
export const ALERTS: readonly Alert[] = [...sloAlerts, ...requestAlerts, ...messageAlerts, ...groundAlerts];

/** A rule as a file of Prometheus has it. */
export type Rule =
  | { readonly record: string; readonly expr: string; readonly labels?: Readonly<Record<string, string>> }
  | { readonly alert: string; readonly expr: string; readonly for: string; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

/** What Prometheus is given; `base` is the address of the platform, below which runbooks stand. */
export function ruleGroups(base: string): readonly RuleGroup[] {
  const errors = OBJECTIVES.flatMap(({ name, errors: of }) => WINDOWS.map((window) => ({ record: recordOf(window), expr: of(window), labels: { slo: name } })));
  return [
    { name: 'quan-so-objectives', interval: '30s', rules: [{ record: 'quanso:parked_overdue:bool', expr: PARKED_OVERDUE }, ...errors] },
    { name: 'quan-so-alerts', interval: '30s', rules: ALERTS.map((alert) => ruleOf(alert, base)) },
  ];
}

function ruleOf({ name, severity, expr, for: lasting, title, look, act }: Alert, base: string): Rule {
  // The page may be on what is down: what to look at and to do comes along.
  const steps = (language: keyof Text): string => [...look, ...act].map((step, index) => `${index + 1}. ${step[language]}`).join(' ');
  return {
    ...{ alert: name, expr, for: lasting },
    labels: { severity },
    annotations: {
      summary: `{{ $labels.service }}: ${title.vi}`,
      description: `{{ $labels.service }}: ${title.en}`,
      ...{ steps_vi: steps('vi'), steps_en: steps('en') },
      runbook_url: `${base}/runbooks/${name}`,
    },
  };
}

/** What an expression asks for that services measure, with the labels it names of each. */
export function metricsIn(expr: string): readonly { readonly name: string; readonly labels: readonly string[] }[] {
  return [...expr.matchAll(/\b(quanso_[a-z_]+)(?:\{([^}]*)\})?/g)].map(([, name = '', selector = '']) => ({
    name: baseOf(name),
    labels: [...selector.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)].flatMap(([, label = '']) => (label === 'le' ? [] : [label])),
  }));
}

/** A histogram is asked for by its buckets, its count or its sum. */
function baseOf(name: string): string {
  const base = name.replace(/_(bucket|count|sum)$/, '');
  return base in METRICS && METRICS[base as MetricName].kind === 'histogram' ? base : name;
}
