import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The only folder of programs of a machine. */
let bin;
beforeEach(() => (bin = mkdtempSync(join(tmpdir(), 'quan-so-bin-'))));
afterEach(() => rmSync(bin, { recursive: true, force: true }));

/** A `java` that says its version where the real one says it. */
function machineHasJava(major) {
  const file = join(bin, 'java');
  writeFileSync(file, `#!/bin/sh\necho "    java.specification.version = ${major}" >&2\necho "    java.vm.version = ${major}.0.1+1" >&2\n`);
  chmodSync(file, 0o755);
}

function testReal() {
  const env = { PATH: bin, QUANSO_CACHE: bin };
  const said = spawnSync(process.execPath, [join(import.meta.dirname, 'test-real.js')], { env, encoding: 'utf8', timeout: 30_000 });
  return [said.status, said.stderr.trim().split('\n')];
}

describe('npm run test:real', () => {
  it('fails with one sentence without Java', () => {
    expect(testReal()).toEqual([1, [expect.stringMatching(/^Cần Java 17 .* Java 17 or newer is needed/)]]);
  });
  it('says which Java is too old', () => {
    machineHasJava(11);
    expect(testReal()).toEqual([1, [expect.stringMatching(/^Cần Java 17 .*found: 11/)]]);
  });
  it('fails with one sentence without Maven', () => {
    machineHasJava(21);
    expect(testReal()).toEqual([1, [expect.stringMatching(/^Cần Maven .* Maven 3.6 or newer is needed/)]]);
  });
});
