/** No input, output, clock or randomness in `*.rules.ts`, in the pure kernel, and in whatever these load. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { pureKernel } from '../layers.js';
import { finding } from './finding.js';
import { graphOf } from './graph.js';

const PURE = new RegExp(`\\.rules\\.ts$|^libs/kernel/(${pureKernel.join('|')})/src/`);
const SPEC = /\.spec\.ts$|\/src\/spec\//;
/** Packages that compute and nothing else. */
const PURE_PACKAGES = /^zod(\/|$)/;
const GLOBALS = new Set(['process', 'crypto', 'performance', 'fetch', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'globalThis', 'require', 'WebSocket', 'Worker']);
const MEMBERS = new Set(['Date.now', 'Math.random', 'import.meta']);

/** @typedef {{ line: number, what: string }} Impurity */
/**
 * @typedef {object} Load
 * @property {string} path
 * @property {number} line
 * @property {boolean} door                    whether it only hands on what is exported there
 * @property {readonly string[] | undefined} names taken or handed on; all of them when undefined
 */
/** @typedef {{ impurities: Impurity[], loads: Load[] }} Source */

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function purity({ root }) {
  const { modules } = await graphOf(root);
  const byPath = new Map(modules.map((module) => [module.source, module]));
  /** @type {Map<string, Source>} */
  const read = new Map();
  const sourceOf = (/** @type {string} */ path) => {
    const known = read.get(path) ?? readSource(root, path, byPath.get(path)?.dependencies ?? []);
    read.set(path, known);
    return known;
  };
  return modules
    .map(({ source }) => source)
    .filter((path) => PURE.test(path) && !SPEC.test(path))
    .flatMap((path) => [...sourceOf(path).impurities.map(({ line, what }) => own(path, line, what)), ...reached(path, sourceOf)]);
}

/** @param {string} path @param {number} line @param {string} what */
function own(path, line, what) {
  return finding(
    `${path}:${line}`,
    `dùng ${what}; luật thuần không đọc đồng hồ, số ngẫu nhiên, tệp hay mạng, hãy nhận chúng làm tham số.`,
    `uses ${what}; pure rules have no clock, randomness, input or output: take it as a parameter.`,
  );
}

/** What is impure behind each import of a pure file; one sentence per import. @param {string} path @param {(path: string) => Source} sourceOf */
function reached(path, sourceOf) {
  return sourceOf(path).loads.flatMap((load) => {
    const found = behind(load, sourceOf, new Set([path]));
    return found ? [finding(`${path}:${load.line}`, `nhập ${load.path}, nơi dẫn tới ${found}.`, `imports ${load.path}, which leads to ${found}.`)] : [];
  });
}

/** The door of a library is passed by name: taking one pure function does not use what stands beside it. @param {Load} load @param {(path: string) => Source} sourceOf @param {Set<string>} seen @returns {string | undefined} */
function behind({ path, names }, sourceOf, seen) {
  const key = `${path} ${names ?? '*'}`;
  // A pure file behind it has its own findings.
  if (seen.has(key) || PURE.test(path)) return undefined;
  seen.add(key);
  const { impurities, loads } = sourceOf(path);
  if (impurities[0]) return `${impurities[0].what} (${path}:${impurities[0].line})`;
  for (const load of loads) {
    const taken = load.door && names && load.names ? load.names.filter((name) => names.includes(name)) : load.names;
    const found = taken?.length === 0 ? undefined : behind({ ...load, names: load.door ? (load.names ? taken : names) : load.names }, sourceOf, seen);
    if (found) return found;
  }
  return undefined;
}

/** @param {string} root @param {string} path @param {readonly import('dependency-cruiser').IDependency[]} dependencies @returns {Source} */
function readSource(root, path, dependencies) {
  const file = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.ES2023, true);
  const resolved = new Map(dependencies.map((one) => [one.module, one]));
  /** @type {Source} */
  const source = { impurities: [], loads: [] };
  const declared = declaredIn(file);
  const line = (/** @type {ts.Node} */ node) => file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isTypeNode(node)) return;
    const what = impure(node, declared);
    if (what) source.impurities.push({ line: line(node), what });
    else if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && !typesOnly(node)) {
      const name = /** @type {ts.StringLiteral} */ (node.moduleSpecifier).text;
      const dependency = resolved.get(name);
      if (dependency?.followable && !dependency.resolved.includes('node_modules/')) source.loads.push({ path: dependency.resolved, line: line(node), ...namesOf(node) });
      else if (!PURE_PACKAGES.test(name)) source.impurities.push({ line: line(node), what: name });
    } else ts.forEachChild(node, visit);
  };
  visit(file);
  return source;
}

/** The name of what must not be in a pure file, when this node is one. @param {ts.Node} node @param {ReadonlySet<string>} declared @returns {string | undefined} */
function impure(node, declared) {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return 'import()';
  if ((ts.isPropertyAccessExpression(node) || ts.isMetaProperty(node)) && MEMBERS.has(node.getText())) return node.getText();
  if (ts.isIdentifier(node) && GLOBALS.has(node.text) && !declared.has(node.text) && isValue(node)) return node.text;
  return undefined;
}

/** Whether it is read, and not the name of a member, a key or a declaration. @param {ts.Identifier} node */
function isValue(node) {
  const { name } = /** @type {{ name?: ts.Node }} */ (/** @type {unknown} */ (node.parent));
  return name !== node || ts.isShorthandPropertyAssignment(node.parent);
}

/** @param {ts.SourceFile} file @returns {Set<string>} names that this file gives a meaning of its own */
function declaredIn(file) {
  const names = new Set();
  const visit = (/** @type {ts.Node} */ node) => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node) || ts.isBindingElement(node) || ts.isImportSpecifier(node)) && node.name) names.add(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** @param {ts.ImportDeclaration | ts.ExportDeclaration} node */
function typesOnly(node) {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  const bindings = clause.namedBindings;
  return clause.isTypeOnly || (!clause.name && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.length > 0 && bindings.elements.every((one) => one.isTypeOnly));
}

/** @param {ts.ImportDeclaration | ts.ExportDeclaration} node @returns {Pick<Load, 'door' | 'names'>} */
function namesOf(node) {
  const door = ts.isExportDeclaration(node);
  const bindings = door ? node.exportClause : node.importClause?.namedBindings;
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return { door, names: undefined };
  return { door, names: bindings.elements.filter((one) => !one.isTypeOnly).flatMap((one) => [...new Set([one.name.text, (one.propertyName ?? one.name).text])]) };
}
