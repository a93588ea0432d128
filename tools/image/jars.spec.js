import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { componentsOf, filesIn } from './jars.js';

/** A zip by the letter of its specification: local header, bytes, central list, end. @param {Record<string, string | Buffer>} files */
function zipOf(files, { comment = '', packed = true } = {}) {
  const [parts, list] = [[], []];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const whole = Buffer.from(text);
    const bytes = packed ? deflateRawSync(whole) : whole;
    const [local, central] = [Buffer.alloc(30), Buffer.alloc(46)];
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(packed ? 8 : 0, 10);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt32LE(whole.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), bytes);
    list.push(central, Buffer.from(name));
    at += 30 + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, ...list, end, Buffer.from(comment)]);
}
const pom = (group, artifact, version) => ({ [`META-INF/maven/${group}/${artifact}/pom.properties`]: `#made\r\nartifactId=${artifact}\r\ngroupId=${group}\r\nversion=${version}\r\n` });

it('reads the files of a zip, packed or not, also before a comment', () => {
  for (const zip of [zipOf({ a: 'x', 'b/c': 'yy' }), zipOf({ a: 'x', 'b/c': 'yy' }, { packed: false, comment: 'made by hand' })]) {
    expect(filesIn(zip).map(({ name, bytes }) => [name, bytes().toString()])).toEqual([['a', 'x'], ['b/c', 'yy']]);
  }
  expect(filesIn(Buffer.from('no zip'))).toEqual([]);
});

it('names a jar by Maven’s words of the one that the file is, and those inside of it', () => {
  const inner = zipOf({ ...pom('com.example', 'inner', '1.0') });
  const jar = zipOf({ ...pom('org.shaded', 'other', '9'), ...pom('org.example', 'thing-core', '2.1'), 'BOOT-INF/lib/inner-1.0.jar': inner, 'BOOT-INF/lib/nameless-3.jar': zipOf({ a: '' }) });
  expect(componentsOf('org.example.thing-core-2.1.jar', jar).map(({ purl }) => purl)).toEqual(['pkg:maven/org.example/thing-core@2.1', 'pkg:maven/com.example/inner@1.0', 'pkg:generic/nameless@3']);
  expect(componentsOf('inner-1.0.jar', inner)[0]).toMatchObject({ group: 'com.example', name: 'inner', version: '1.0', hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(inner).digest('hex') }] });
});
