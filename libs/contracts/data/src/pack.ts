import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { validatePack, type AuthorityPack, type PackProblem } from './pack.check.js';

export { validatePack, type AuthorityPack, type PackFiles, type PackProblem } from './pack.check.js';
export { type Staff } from './pack.staff.js';

/** A pack that cannot be used: every problem with its file and JSON pointer; the message shows the first ten. */
export class PackError extends Error {
  readonly problems: readonly PackProblem[];

  constructor(dir: string, problems: readonly PackProblem[]) {
    const lines = problems.slice(0, 10).map(({ file, pointer, code, vi, en }) => `  ${basename(dir)}/${file} ${pointer === '' ? '' : `${pointer} `}${code}: ${vi} / ${en}`);
    const more = problems.length > lines.length ? [`  … ${problems.length - lines.length}`] : [];
    super([`Gói đơn vị sai, không nạp được. / The authority pack is wrong and was not loaded.`, ...lines, ...more].join('\n'));
    this.name = 'PackError';
    this.problems = problems;
  }
}

/** Reads the folder of an authority pack. Throws PackError with file and path for everything that is wrong in it. */
export function readAuthorityPack(dir: string): AuthorityPack {
  const problems: PackProblem[] = [];
  const files = new Map<string, unknown>();
  for (const file of namesIn(dir, problems)) {
    try {
      files.set(file, JSON.parse(readFileSync(join(dir, file), 'utf8')));
    } catch (error) {
      const en = error instanceof SyntaxError ? `No JSON: ${error.message}.` : 'The file cannot be read.';
      problems.push({ file, pointer: '', code: 'FILE_NOT_JSON', vi: 'Tệp không đọc được hoặc không phải JSON.', en });
    }
  }
  if (problems.length > 0) throw new PackError(dir, problems);
  const checked = validatePack(files);
  if (checked.pack === undefined) throw new PackError(dir, checked.problems);
  return checked.pack;
}

/**
 * Files of the pack with `/` between folder and name; README.md is for people. In a ConfigMap that is mounted, names are
 * links into a folder that begins with a dot.
 */
function namesIn(dir: string, problems: PackProblem[]): string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && statSync(join(entry.parentPath, entry.name)).isFile()))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, '/').length).replaceAll('\\', '/'))
      .filter((file) => file !== 'README.md' && !/(^|\/)\./.test(file))
      .sort();
  } catch {
    problems.push({ file: '', pointer: '', code: 'FOLDER_MISSING', vi: 'Không có thư mục gói này.', en: 'There is no such folder.' });
    return [];
  }
}
