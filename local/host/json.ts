export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Parses a text that the host itself has written: its shape is known. */
export function parseOwn<Shape>(text: string): Shape {
  return JSON.parse(text) as Shape;
}

/** Parsed JSON, or undefined when the text is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}
