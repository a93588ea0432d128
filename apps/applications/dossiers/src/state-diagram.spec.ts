import { readFileSync } from 'node:fs';
import { stateDiagram } from './state-diagram.js';

it('README shows the table as it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const shown = /```mermaid\n([\s\S]*?)\n```/.exec(readme)?.[1];
  expect(shown).toBe(stateDiagram());
});

it('has every state, where it begins and where it ends', () => {
  const diagram = stateDiagram();
  expect(diagram).toContain('  [*] --> received : tiếp nhận tại quầy (counter), desk-clerk');
  expect(diagram).toContain('  decided --> returned : trả kết quả, return-clerk');
  expect(diagram.match(/^ {2}\w+ --> \[\*\]$/gm)).toEqual(['refused_at_intake', 'returned', 'withdrawn', 'stopped'].map((name) => `  ${name} --> [*]`));
});
