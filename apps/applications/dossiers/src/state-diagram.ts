import { DOSSIER_COMMANDS, DOSSIER_STATES, type DossierStateName } from '@quan-so/contracts-applications';
import { TRANSITIONS, type Transition } from './dossier.transitions.js';

/** The state diagram (Mermaid) of the table; README holds exactly this text, a spec compares. */
export function stateDiagram(): string {
  return ['stateDiagram-v2', ...Object.entries(DOSSIER_STATES).map(stateLine), ...TRANSITIONS.map(transitionLine), ...endings()].join('\n');
}

function stateLine([name, { status, name: words }]: [string, (typeof DOSSIER_STATES)[DossierStateName]]): string {
  return `  ${idOf(name)} : ${status} · ${words.vi}`;
}

function transitionLine({ from, command, variant, to, roles }: Transition): string {
  const what = DOSSIER_COMMANDS[command].vi + (variant === undefined ? '' : ` (${variant})`);
  return `  ${from === null ? '[*]' : idOf(from)} --> ${idOf(to)} : ${what}, ${roles.join(' · ')}`;
}

/** States that nothing leaves. */
function endings(): string[] {
  const left = new Set(TRANSITIONS.map((row) => row.from));
  return Object.keys(DOSSIER_STATES)
    .filter((name) => !left.has(name as DossierStateName))
    .map((name) => `  ${idOf(name)} --> [*]`);
}

/** Mermaid takes no hyphen in a state's id. */
function idOf(name: string): string {
  return name.replaceAll('-', '_');
}
