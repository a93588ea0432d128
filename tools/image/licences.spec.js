import { missingLicences } from './licences.js';
import { folder, link, textFile } from './tree.js';

const copyright = (name, text) => textFile(`usr/share/doc/${name}/copyright`, text);
const gpl = textFile('usr/share/common-licenses/GPL-2', 'whole text');
const look = (entries, debs) => missingLicences(entries, debs, ({ text }) => text);

it('finds the copyright of every package and the licences that they name', () => {
  const entries = [folder('usr'), gpl, copyright('busybox-static', 'see /usr/share/common-licenses/GPL-2.'), copyright('gcc-12-base', 'GPL'), link('usr/share/doc/libgcc-s1', 'gcc-12-base')];
  expect(look(entries, ['busybox-static', 'libgcc-s1', 'gcc-12-base'])).toEqual([]);
});

it('names what is missing: a copyright, that of the family, a licence', () => {
  const entries = [gpl, copyright('a', 'GPL-2: /usr/share/common-licenses/GPL-2; else `/usr/share/common-licenses/Apache-2.0`'), link('usr/share/doc/libgcc-s1', 'gcc-12-base')];
  expect(look(entries, ['a', 'b', 'libgcc-s1'])).toEqual(['usr/share/common-licenses/Apache-2.0', 'usr/share/doc/b/copyright', 'usr/share/doc/libgcc-s1/copyright']);
});
