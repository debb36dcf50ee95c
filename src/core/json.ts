/** What survives a trip through JSON. Records, activity results and evidence are made of nothing else. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
