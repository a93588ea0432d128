import { ALERTS } from '@quan-so/observability';
import { documentRoutes } from './document-routes.js';

const routes = documentRoutes({ services: [], issuer: 'http://id/realms/x', client: 'web' });
const get = (path: string): { status: number; text: string } => {
  const found = routes.find(path);
  return { status: found?.status ?? 0, text: String(found?.body) };
};

describe('/runbooks', () => {
  it.each(ALERTS.map(({ name }) => name))('has a page for %s, in the index too, Vietnamese first', (name) => {
    const { status, text } = get(`/runbooks/${name}`);
    expect([status, get('/runbooks').text.includes(`href="/runbooks/${name}"`)]).toEqual([200, true]);
    const order = ['Nghĩa là gì', 'What it means', 'Xem ở đâu', 'Làm gì', 'Khi nào xong'].map((words) => text.indexOf(words));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(text).not.toMatch(/<script|undefined/);
  });

  it('says what is promised, and leads from one alarm to another', () => {
    expect(get('/runbooks').text).toContain('95 % thay đổi thấy được ở kho dữ liệu');
    expect(get('/runbooks/QuanSoParkedTooLong').text).toContain('<a href="/runbooks/QuanSoParked">QuanSoParked</a>');
  });

  it('knows no other', () => {
    expect([get('/runbooks/QuanSo').status, get('/runbooks/constructor').status]).toEqual([404, 404]);
    expect(get('/runbooks/<b>').text).not.toContain('<b>');
  });
});
