/** A text people read: Vietnamese first, English second. */
export interface Text {
  readonly vi: string;
  readonly en: string;
}

export type Language = 'vi' | 'en';

/** JSON as it may travel in problems, events and answers. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
