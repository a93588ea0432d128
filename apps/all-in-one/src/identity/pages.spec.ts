import { loginPage } from './pages.js';

it('names the application in the language of each line', () => {
  const page = loginPage({ action: '/a', csrf: 'c', username: '', client: { vi: 'Quận Số trên dòng lệnh', en: 'Quận Số on the command line' }, refused: undefined });
  expect(page).toContain('Tiếp tục tới Quận Số trên dòng lệnh. <span lang="en">Continue to Quận Số on the command line.</span>');
});
