import { LanguageError } from './error.js';

describe('LanguageError', () => {
  it('says its code and the rule in English, and where when there are many', () => {
    expect(new LanguageError('TERM_INVALID', 'Thời hạn sai.', 'The term is wrong.').message).toBe('TERM_INVALID: The term is wrong.');
    expect(new LanguageError('TERM_INVALID', 'Thời hạn sai.', 'The term is wrong.', 'pauses[1].from').message).toBe('TERM_INVALID at pauses[1].from: The term is wrong.');
  });

  it('keeps both languages, its code and its place', () => {
    const error = new LanguageError('TERM_INVALID', 'Thời hạn sai.', 'The term is wrong.', 'term');
    expect(error).toBeInstanceOf(Error);
    expect({ name: error.name, code: error.code, words: error.words, at: error.at }).toEqual({
      name: 'LanguageError',
      code: 'TERM_INVALID',
      words: { vi: 'Thời hạn sai.', en: 'The term is wrong.' },
      at: 'term',
    });
  });
});
