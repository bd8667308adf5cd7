/** A value JSON has a word for. Numbers are finite; integers beyond 2^53 travel as tagged strings (see seal/encode-item.ts). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
