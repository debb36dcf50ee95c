/** The scope of rights that have no resource to hang on: polling of operations. */
export function subscriptionOf(id: string): string {
  return id.split('/').slice(0, 3).join('/');
}
