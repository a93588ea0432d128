import { startPage } from './page.js';

const page = (services: readonly string[]): string => startPage({ authority: { vi: 'UBND quận Sao Mai', en: 'People’s Committee' }, branding: { title: { vi: 'Quận Sao Mai', en: 'Sao Mai' }, colour: '#0b6e4f' }, version: '0', services, units: [] });

it('tells staff and citizens that what they find is data and that screens come later', () => {
  const html = page(['catalog', 'warehouse', 'dossiers']);
  expect(html).toContain('Màn hình sẽ có sau; bây giờ xem được dữ liệu. <span lang="en">Screens come later; the data can be seen now.</span>');
  expect(html).toMatch(/href="\/api\/catalog\/v1\/units">Đơn vị \(JSON\)</);
});

it('leads to no service that was not chosen', () => {
  expect(page(['dossiers'])).not.toContain('/api/catalog');
});

it('wears the title and the colour of its authority', () => {
  const html = page(['catalog']);
  expect(html).toContain('<title>Quận Số · Quận Sao Mai</title>');
  expect(html).toContain('header{background:#0b6e4f}');
});
